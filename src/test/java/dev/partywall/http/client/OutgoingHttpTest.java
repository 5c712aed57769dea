package dev.partywall.http.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Headers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OutgoingHttpTest {
  private static final int MAX_BYTES = 100;
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final ScriptedServer server = new ScriptedServer();
  private final OutgoingHttp http = new OutgoingHttp(LONG, MAX_BYTES);

  OutgoingHttpTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    http.close();
    server.close();
  }

  @Test
  void sendsTheRequestAndReturnsTheResponse() throws IOException {
    server.script(
        ScriptedServer.sends(
            "HTTP/1.1 418 Teapot\r\nA: 1\r\na: 2\r\nContent-Length: 3\r\n\r\n\0\1\2"));
    var fields = Headers.NONE.with("Name", "value").with("Name", "other");
    var body = "{}".getBytes(StandardCharsets.UTF_8);
    var response = http.send(new OutgoingRequest("PUT", server.url("/a?b=c"), fields, body), LONG);
    assertEquals(418, response.status());
    assertEquals("1, 2", String.join(", ", response.headers().all("A")));
    assertArrayEquals(new byte[] {0, 1, 2}, response.body());
    var received = server.requests().getFirst();
    assertEquals("PUT /a?b=c HTTP/1.1", received.line());
    assertEquals("value|other", received.fields().get("name"));
    assertEquals("{}", received.body());
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsNoRedirects(int status) throws IOException {
    var location = server.url("/elsewhere").toString();
    server.script(
        ScriptedServer.sends(
            "HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                .formatted(status, location)));
    var response = http.send(OutgoingRequest.getJson(server.url("/")), LONG);
    assertEquals(status, response.status());
    assertEquals(Optional.of(location), response.headers().first("Location"));
    assertEquals(1, server.requests().size());
  }

  @Test
  void limitsTheSizeOfAResponse() throws IOException {
    server.script(ScriptedServer.responds("200 OK", "x".repeat(MAX_BYTES)));
    assertEquals(MAX_BYTES, get(LONG).length);
    server.script(ScriptedServer.responds("200 OK", "x".repeat(MAX_BYTES + 1)));
    assertThrows(IOException.class, () -> get(LONG));
    // Without a length, up to the end of the connection.
    server.script(ScriptedServer.sends("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(MAX_BYTES + 1)));
    assertThrows(IOException.class, () -> get(LONG));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
        "HTTP/1.1 100 Continue\r\n\r\n"
      })
  void endsTheWaitAndTheConnectionAfterTheTimeout(String start) throws InterruptedException {
    server.script(server.hangsAfter(start));
    do { // on a busy machine, the time can end before the server gets the request
      var error = assertThrows(InterruptedIOException.class, () -> get(SHORT));
      assertEquals("no response within the timeout", error.getMessage());
    } while (server.requests().isEmpty());
    server.awaitDisconnected();
  }

  @Test
  void endsTheWaitAfterAnInterrupt() {
    server.script(server.hangsAfter(""));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> get(LONG));
    assertTrue(Thread.interrupted(), "the interrupt is kept");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: x\u0001y\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: x\u007fy\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n"
      })
  void rejectsInvalidResponses(String response) {
    server.script(ScriptedServer.sends(response));
    var error = assertThrows(IOException.class, () -> get(LONG));
    assertTrue(String.valueOf(error.getMessage()).startsWith("no response: "), error::getMessage);
  }

  @Test
  void failsWithoutAConnection() throws IOException {
    URI refused;
    try (var closed = new ScriptedServer()) {
      refused = closed.url("/");
    }
    var error =
        assertThrows(IOException.class, () -> http.send(OutgoingRequest.getJson(refused), LONG));
    assertInstanceOf(ConnectException.class, error.getCause());
  }

  private byte[] get(Duration timeout) throws IOException {
    return http.send(OutgoingRequest.getJson(server.url("/")), timeout).body();
  }
}
