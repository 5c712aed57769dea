package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import java.io.IOException;
import java.net.SocketException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("compares counts that all servers of the JVM increase")
class ServerLogTest {
  @AutoClose private static final TestServer server = TestServer.start();

  @Test
  void countsRequestsWithTooManyOrTooLongHeaderFields() throws IOException {
    var before = count("headers");

    assertClosed("GET /hello HTTP/1.1\r\nHost: a\r\n" + fields(600) + "\r\n");
    assertClosed("GET /hello HTTP/1.1\r\nHost: a\r\nX-Long: " + "a".repeat(16_384) + "\r\n\r\n");

    awaitCount(before + 2, "headers");
  }

  @Test
  void acceptsRequestsWithinTheLimitsOfTheHeaderFields() throws IOException {
    assertEquals(200, status("GET /hello HTTP/1.1\r\nHost: a\r\n" + fields(97) + "\r\n"));
    assertEquals(
        200,
        status("GET /hello HTTP/1.1\r\nHost: a\r\nX-Long: " + "a".repeat(16_000) + "\r\n\r\n"));
  }

  @Test
  void countsPagesOfTheJdk() throws IOException {
    var before = count("built_in_page");

    assertEquals(400, status("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"));
    assertEquals(501, status("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n"));

    awaitCount(before + 2, "built_in_page");
  }

  @Test
  void countsTargetsWithoutAPath() throws IOException {
    var before = count("target");

    assertClosed("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n");
    assertClosed("GET mailto:a HTTP/1.1\r\nHost: a\r\n\r\n");

    awaitCount(before + 2, "target");
  }

  /** Connections of other tests may end meanwhile: one of ten attempts must change no count. */
  @Test
  void countsNoRequestThatIsServed() throws IOException {
    var unchanged = false;
    for (var i = 0; i < 10 && !unchanged; i++) {
      var before = counts();
      assertEquals(200, status("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
      assertEquals(404, status("GET /unknown HTTP/1.1\r\nHost: a\r\n\r\n"));
      continueAndRespond();
      unchanged = counts() == before;
    }
    assertTrue(unchanged);
  }

  private static long counts() {
    return Stream.of("headers", "built_in_page", "target", "idle_limit")
        .mapToLong(ServerLogTest::count)
        .sum();
  }

  private static void continueAndRespond() throws IOException {
    try (var client = server.client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n");
      assertEquals(100, client.send("Content-Length: 1\r\n\r\nx").read().status());
      assertEquals(200, client.read().status());
    }
  }

  @Test
  void passesMessagesForOperatorsOnAndNoRawRequestLine() {
    var log = ServerLog.install();

    assertTrue(log.isLoggable(new LogRecord(Level.WARNING, "message")));
    assertTrue(log.isLoggable(new LogRecord(Level.INFO, "message")));
    assertFalse(log.isLoggable(new LogRecord(Level.FINE, "Exchange request line: {0}")));
  }

  private static String fields(int number) {
    var fields = new StringBuilder();
    for (var i = 0; i < number; i++) {
      fields.append("X-").append(i).append(": a\r\n");
    }
    return fields.toString();
  }

  /** Bytes that the server has not read turn the end of the connection into a reset. */
  private static void assertClosed(String message) throws IOException {
    try (var client = server.client()) {
      assertTrue(client.send(message).isClosed());
    } catch (SocketException e) {
      assertEquals("Connection reset", e.getMessage());
    }
  }

  private static int status(String message) throws IOException {
    try (var client = server.client()) {
      return client.send(message).read().status();
    }
  }

  private static long count(String reason) {
    return server.server.closedConnections().getOrDefault(reason, -1L);
  }

  /** Connections of other tests may increase the count further. */
  private static void awaitCount(long expected, String reason) {
    Conditions.await(() -> count(reason) >= expected, "no further closed connection: " + reason);
  }
}
