package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Sends randomly mutated messages, with a fixed seed. None may cause a 500, a hang, or a class name
 * in a response.
 */
class MessageMutationTest {
  private static final long SEED = 20_261_124;
  private static final int MESSAGES = 3_000;
  private static final List<String> VALID =
      List.of(
          "GET /things/1?a=b HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n",
          "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
          "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
          "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              + "Content-Length: 15\r\n\r\n{\"a\":[1,2,\"b\"]}",
          "OPTIONS /hello HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
          "HEAD /hello HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
  private static final List<String> FRAGMENTS =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\0",
          " ",
          "\t",
          ":",
          "%",
          "%00",
          "%2e",
          "/",
          "//",
          "..",
          "\u00ff",
          "\u001b[31m",
          "\"",
          "{",
          "}",
          "[",
          ",",
          "Host: b\r\n",
          "Content-Length: 3\r\n",
          "Transfer-Encoding: chunked\r\n",
          "FFFFFFFF",
          "-1",
          "99999999999",
          "\\ud800",
          "HTTP/1.1");
  // The JDK's server names two of its own exceptions in its error pages.
  private static final Pattern JDK_ERROR_PAGE =
      Pattern.compile("<h1>[^<]*</h1>(URISyntaxException|NumberFormatException) thrown");
  private static final Pattern CLASS_NAME =
      Pattern.compile("java\\.|dev\\.partywall|com\\.|sun\\.|[A-Z][a-z]+(Exception|Error)\\b");

  private final Random random = new Random(SEED);

  @Test
  void getsAValidResponseOrAClosedConnection() throws IOException {
    try (var server = TestServer.start()) {
      for (var i = 0; i < MESSAGES; i++) {
        var message = mutate(VALID.get(random.nextInt(VALID.size())));
        var response = exchange(server, message);
        var shown = message + " -> " + response;
        assertFalse(response.contains("HTTP/1.1 5") && !response.contains("HTTP/1.1 501"), shown);
        assertFalse(CLASS_NAME.matcher(withoutJdkErrorPages(response)).find(), shown);
      }
      try (var client = server.client()) {
        assertTrue(client.get("/hello").read().status() == 200, "the server still serves requests");
      }
    }
  }

  /** Sends the message, half-closes the connection, and reads until the server closes it. */
  private static String exchange(TestServer server, String message) throws IOException {
    try (var client = server.client()) {
      return client.send(message).halfClose().readAll();
    } catch (SocketException e) {
      return "reset";
    }
  }

  private String mutate(String valid) {
    var message = new StringBuilder(valid);
    for (var times = 1 + random.nextInt(3); times > 0; times--) {
      var at = random.nextInt(message.length());
      switch (random.nextInt(4)) {
        case 0 -> message.insert(at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        case 1 -> message.delete(at, Math.min(message.length() - 1, at + 1 + random.nextInt(4)));
        case 2 -> message.setCharAt(at, (char) random.nextInt(256));
        default -> message.insert(at, message.substring(at, Math.min(at + 20, message.length())));
      }
    }
    return message.toString();
  }

  private static String withoutJdkErrorPages(String response) {
    return JDK_ERROR_PAGE.matcher(response).replaceAll("");
  }
}
