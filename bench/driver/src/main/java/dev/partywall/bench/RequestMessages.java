package dev.partywall.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** Request messages: the same list of orders, for each caller in turn. */
final class RequestMessages {
  private static final int FORGED_DIGITS = 8;

  private final byte[][] messages;

  RequestMessages(List<String> tokens) {
    this(tokens, "/orders?limit=20");
  }

  RequestMessages(List<String> tokens, String target) {
    messages = tokens.stream().map(token -> message(token, target)).toArray(byte[][]::new);
  }

  /**
   * Returns {@code count} requests whose tokens differ from {@code token} in the signature only, so
   * that each of them must be verified.
   */
  static RequestMessages forged(String token, int count) {
    var signature = token.lastIndexOf('.') + 1;
    var rest = token.substring(signature + FORGED_DIGITS);
    return new RequestMessages(
        IntStream.range(0, count)
            .mapToObj(n -> token.substring(0, signature) + "%08d".formatted(n) + rest)
            .toList());
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
