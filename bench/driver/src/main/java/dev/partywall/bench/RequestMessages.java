package dev.partywall.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Request messages: the same list of orders, for each caller in turn. */
final class RequestMessages {
  private final byte[][] messages;

  RequestMessages(List<String> tokens) {
    this(tokens, "/orders?limit=20");
  }

  RequestMessages(List<String> tokens, String target) {
    messages = tokens.stream().map(token -> message(token, target)).toArray(byte[][]::new);
  }

  /** Returns the request of the next caller. */
  byte[] of(long turn) {
    return messages[(int) (turn % messages.length)];
  }

  int count() {
    return messages.length;
  }

  private static byte[] message(String token, String target) {
    var text =
        """
        GET %s HTTP/1.1\r
        Host: 127.0.0.1\r
        User-Agent: bench\r
        Accept: application/json\r
        Authorization: Bearer %s\r
        \r
        """;
    return text.formatted(target, token).getBytes(StandardCharsets.US_ASCII);
  }
}
