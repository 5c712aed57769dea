package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Messages that are a little wrong, by a seed: none gets a 500, a hang, or a name of a class. */
class HostileWalkTest {
  private static final long SEED = 20_261_124;
  private static final int MESSAGES = 3_000;
  private static final List<String> SOUND =
      List.of(
          "GET /things/1?a=b HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n",
          "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
          "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
          "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              + "Content-Length: 15\r\n\r\n{\"a\":[1,2,\"b\"]}",
          "OPTIONS /hello HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
          "HEAD /hello HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
  private static final List<String> SPLINTERS =
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
  // The server below us writes two names of its own exceptions into its own pages.
  private static final Pattern ITS_OWN_PAGE =
      Pattern.compile("<h1>[^<]*</h1>(URISyntaxException|NumberFormatException) thrown");
  private static final Pattern CLASS_NAME =
      Pattern.compile("java\\.|dev\\.partywall|com\\.|sun\\.|[A-Z][a-z]+(Exception|Error)\\b");

  private final Random random = new Random(SEED);

  @Test
  void getsATypedAnswerOrAClosedConnection() throws IOException {
    try (var server = TestServer.start()) {
      for (var i = 0; i < MESSAGES; i++) {
        var message = mutate(SOUND.get(random.nextInt(SOUND.size())));
        var answer = ask(server, message);
        var shown = message + " -> " + answer;
        assertFalse(answer.contains("HTTP/1.1 5") && !answer.contains("HTTP/1.1 501"), shown);
        assertFalse(CLASS_NAME.matcher(withoutEcho(answer)).find(), shown);
      }
      try (var client = server.client()) {
        assertTrue(client.get("/hello").read().status() == 200, "the server goes on");
      }
    }
  }

  /** Sends, says that no more comes, and takes whatever comes back until the connection ends. */
  private static String ask(TestServer server, String message) throws IOException {
    try (var client = server.client()) {
      return client.send(message).halfClose().readAll();
    } catch (SocketException e) {
      return "reset";
    }
  }

  private String mutate(String sound) {
    var message = new StringBuilder(sound);
    for (var times = 1 + random.nextInt(3); times > 0; times--) {
      var at = random.nextInt(message.length());
      switch (random.nextInt(4)) {
        case 0 -> message.insert(at, SPLINTERS.get(random.nextInt(SPLINTERS.size())));
        case 1 -> message.delete(at, Math.min(message.length() - 1, at + 1 + random.nextInt(4)));
        case 2 -> message.setCharAt(at, (char) random.nextInt(256));
        default -> message.insert(at, message.substring(at, Math.min(at + 20, message.length())));
      }
    }
    return message.toString();
  }

  private static String withoutEcho(String answer) {
    return ITS_OWN_PAGE.matcher(answer).replaceAll("");
  }
}
