package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that no request is served from bytes that a proxy sends as the body of another one. The
 * JDK's parser ends a header section earlier, and a chunk at another place, than some proxies do.
 */
class SmugglingTest {
  private static final String SMUGGLED = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

  /** A field that a proxy adds, as long as the smuggled request without one byte. */
  private static final String ADDED = "Via: " + "v".repeat(SMUGGLED.length() - 10) + "\r\n\r\n";

  /** Ends of a line to some proxies, and of the header section to the JDK's parser. */
  private static final List<String> LINE_ENDS = List.of("\r\r\n", "\n\r\n");

  private static final String JSON =
      "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json";

  @AutoClose private static final TestServer server = TestServer.start();

  @ParameterizedTest
  @CsvSource({
    "POST /reject, 401",
    "POST /unknown, 404",
    "POST /things/1, 405",
    "POST /json, 415",
    "POST /unread, 200",
    "POST /echo, 200",
    "GET /hello, 200",
    "HEAD /hello, 200",
    "DELETE /things/1, 204",
    "OPTIONS /hello, 204",
  })
  void aFieldThatAProxyAddsShiftsABodyAndStartsNoRequest(String line, int status)
      throws IOException {
    for (var end : LINE_ENDS) {
      for (var filler : List.of("", "{}", "f".repeat(400))) {
        var body = filler + SMUGGLED;
        var head = line + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length();
        assertOnlyResponse(status, head + end + ADDED + body, line.startsWith("HEAD"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "1", "{\"a\":1}", "\"text\""})
  void aShiftedBodyThatIsJsonStartsNoRequest(String json) throws IOException {
    for (var end : LINE_ENDS) {
      var length = "\r\nContent-Length: " + (json.length() + 1); // the line feed counts as body
      assertOnlyResponse(200, JSON + length + end + json + SMUGGLED, false);
    }
  }

  @Test
  void aShiftedBodyAboveTheLimitStartsNoRequest() throws IOException {
    for (var end : LINE_ENDS) {
      var body = "f".repeat(300_000) + SMUGGLED;
      var head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length();
      assertOnlyResponse(413, head + end + ADDED + body, false);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100000002\r\n{}\r\n0\r\n\r\n",
        "2;\n\r\n{}\r\n0\r\n\r\n",
        "2;a=\nb\r\n{}\r\n0\r\n\r\n",
        "2;\r1\r\n{}\r\n0\r\n\r\n",
        "\r2\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}\r\n0;\n\r\n\r\n"
      })
  void jsonInChunksThatAProxyReadsDifferentlyStartsNoRequest(String chunks) throws IOException {
    var head = JSON + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    assertOnlyResponse(200, head + chunks + SMUGGLED, false);
  }

  private static void assertOnlyResponse(int status, String message, boolean head)
      throws IOException {
    try (var client = server.client()) {
      client.send(message);
      var response = head ? client.readHead() : client.read();
      assertEquals(status, response.status(), message);
      assertTrue(isClosed(client), message);
    }
  }

  private static boolean isClosed(RawClient client) throws IOException {
    try {
      return client.isClosed();
    } catch (SocketException e) {
      return true; // the rest of the message was never read
    }
  }
}
