package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the framing of messages. A client that makes the server and a proxy disagree on the end of
 * a message can smuggle requests.
 */
class FramingTest {
  private static final String CHUNKED =
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String SMUGGLED = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

  @AutoClose private static final TestServer server = TestServer.start();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET //evil/hello HTTP/1.1\r\nHost: a",
        "GET ///hello HTTP/1.1\r\nHost: a",
        "GET http://user@evil/hello HTTP/1.1\r\nHost: a",
        "GET http://evil:x/hello HTTP/1.1\r\nHost: a",
        "GET http://evil//hello HTTP/1.1\r\nHost: a",
        "GET http://evil/../hello HTTP/1.1\r\nHost: a",
        "GET ftp://evil/hello HTTP/1.1\r\nHost: a",
        "GET http:/hello HTTP/1.1\r\nHost: a",
        "GET http://evil/hello HTTP/1.1",
        "GET http://evil/hello HTTP/1.1\r\nHost: a b",
        "GET /../hello HTTP/1.1\r\nHost: a",
        "GET /%2e%2e/hello HTTP/1.1\r\nHost: a",
        "GET /%2Fhello HTTP/1.1\r\nHost: a",
        "GET /a%5chello HTTP/1.1\r\nHost: a",
        "GET /a%00 HTTP/1.1\r\nHost: a",
        "GET /%c0%af HTTP/1.1\r\nHost: a",
        "GET /hello?a=%ff HTTP/1.1\r\nHost: a",
        "GET /hello#x HTTP/1.1\r\nHost: a",
        "GET /h\u00e9llo HTTP/1.1\r\nHost: a",
        "GET /hello HTTP/1.1",
        "GET /hello HTTP/1.1\r\nHost:",
        "GET /hello HTTP/1.1\r\nHost: a\r\nHost: a",
        "GET /hello HTTP/1.1\r\nHost: a\r\nhOST: b",
        "GET /hello HTTP/1.1\r\nHost: a, b",
        "GET /hello HTTP/1.1\r\nHost: a/b",
        "GET /hello HTTP/1.2\r\nHost: a",
        "GET /hello HTTP/1.1 \r\nHost: a",
        "GET /hello HTTP/1.1\nHost: a",
        "G\0T /hello HTTP/1.1\r\nHost: a",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX: a\0b",
        "GET /hello HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b",
        "GET /hello HTTP/1.1\r\nHost: a\r\nExpect: the-unexpected",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +5",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -0",
        "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked"
      })
  void rejectsMalformedMessagesAndClosesTheConnection(String header) throws IOException {
    try (var client = server.client()) {
      var response = client.send(header + "\r\n\r\n" + SMUGGLED).read();

      assertEquals(400, response.status());
      assertTrue(response.text().contains("\"https://partywall.dev/problems/orders/malformed\""));
      assertTrue(response.closesConnection());
      assertTrue(client.isClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "Chunked", "CHUNKED", "\tchunked \t"})
  void acceptsAChunkedBodyAndClosesTheConnection(String coding) throws IOException {
    try (var client = server.client()) {
      var head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:" + coding + "\r\n\r\n";
      var chunks = "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\n\r\n";

      var response = client.send(head + chunks + SMUGGLED).read();

      assertEquals("hello world", response.text());
      assertTrue(response.closesConnection());
      assertTrue(client.isClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Z\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "FFFFFFFF\r\nhello\r\n0\r\n\r\n",
        "80000000\r\nhello\r\n0\r\n\r\n",
        "0000000000000005\r\nhello\r\n0\r\n\r\n",
        "5\r\nhelloXX0\r\n\r\n",
        "4\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nX-Trailer: a\r\n\r\n",
        "5\r\nhello\r\n0\r\nXX"
      })
  void closesTheConnectionAfterAnInvalidChunk(String chunks) throws IOException {
    try (var client = server.client()) {
      var response = client.send(CHUNKED + chunks + SMUGGLED).read();

      assertEquals(400, response.status());
      assertTrue(response.closesConnection());
      assertTrue(client.isClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5\r\nhel", "5", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n", ""})
  void rejectsATruncatedChunkedBody(String chunks) throws IOException {
    try (var client = server.client()) {
      assertEquals(400, client.send(CHUNKED + chunks).halfClose().read().status());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void rejectsATruncatedBody() throws IOException {
    try (var client = server.client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello");

      assertEquals(400, client.halfClose().read().status());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void respondsToAHalfClosedConnection() throws IOException {
    try (var client = server.client()) {
      assertEquals(200, client.get("/hello").halfClose().read().status());
      assertTrue(client.isClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 300000\r\n\r\n", "Content-Length: 262145\r\n\r\n"})
  void rejectsADeclaredBodySizeAboveTheLimitBeforeTheBodyArrives(String rest) throws IOException {
    try (var client = server.client()) {
      var response = client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + rest).read();

      assertEquals(413, response.status());
      assertTrue(response.closesConnection());
    }
  }

  @Test
  void deliversTheResponseWhileALargeBodyIsStillArriving() throws IOException {
    try (var client = server.client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
      client.send(new byte[3_000_000]);

      assertEquals(413, client.read().status());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void rejectsAChunkedBodyAboveTheLimit() throws IOException {
    try (var client = server.client()) {
      client.send(CHUNKED);
      for (var i = 0; i < 17; i++) {
        client.send("4000\r\n").send(new byte[0x4000]).send("\r\n");
      }

      assertEquals(413, client.send("0\r\n\r\n").read().status());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void acceptsABodyOfExactlyTheLimit() throws IOException {
    try (var client = server.client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 262144\r\n\r\n");

      assertEquals(262_144, client.send(new byte[262_144]).read().text().length());
    }
  }

  @Test
  void closesTheConnectionWithoutAResponseWhenTheHeaderIsTooLong() throws IOException {
    for (var field : new String[] {"X: " + "a".repeat(10_000_000), "X: a\r\n".repeat(200_000)}) {
      try (var client = server.client()) {
        assertThrows(
            IOException.class,
            () -> client.send("GET /hello HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n").read());
      }
    }
    try (var client = server.client()) {
      assertEquals(200, client.get("/hello").read().status(), "the server still serves requests");
    }
  }
}
