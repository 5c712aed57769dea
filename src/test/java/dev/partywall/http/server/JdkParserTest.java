package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Documents how the parser of jdk.httpserver treats messages before {@link JdkServer} receives
 * them. None of this behaviour is intended. The tests keep the list of it in docs/security.md
 * correct and detect JDK releases that fix it.
 */
class JdkParserTest {
  @AutoClose private static final TestServer server = TestServer.start();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /hello HTTP/1.1\r\nHost: a\n\n",
        "GET /hello HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost:\r\n a\r\n\r\n",
        "GET /hello with more words HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
      })
  void acceptsMalformedMessages(String message) throws IOException {
    try (var client = server.client()) {
      assertEquals(200, client.send(message).read().status());
    }
  }

  @Test
  void acceptsATruncatedHeader() throws IOException {
    try (var client = server.client()) {
      client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX-Cut: of").halfClose();

      assertEquals(200, client.read().status());
    }
  }

  @Test
  void shiftsTheBodyByOneByteAfterABareLineFeed() throws IOException {
    try (var client = server.client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\n\r\nhello");

      assertEquals("\nhell", client.read().text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host: a\r\r\n\r\n", "Host: a\n\r\n\r\n"})
  void treatsALineFeedAfterAnEarlyEndOfTheHeadersAsARequest(String fields) throws IOException {
    try (var client = server.client()) {
      client.send("GET /hello HTTP/1.1\r\n" + fields);

      assertEquals(200, client.read().status());
      assertEquals("<h1>400 Bad Request</h1>Bad request line", client.read().text());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void ignoresALineFeedInAChunkExtension() throws IOException {
    try (var client = server.client()) {
      var head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

      assertEquals("hello", client.send(head + "5;\n\r\nhello\r\n0\r\n\r\n").read().text());
    }
  }

  @Test
  void takesChunkSizesModulo2ToThe32() throws IOException {
    try (var client = server.client()) {
      var head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

      assertEquals("hello", client.send(head + "100000005\r\nhello\r\n0\r\n\r\n").read().text());
    }
  }

  @Test
  void sends100ContinueWithAContentLengthBeforeTheHandlerRuns() throws IOException {
    try (var client = server.client()) {
      var head = "POST /reject HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n";

      var interim = client.send(head + "Expect: 100-continue\r\n\r\n").readHead();
      assertEquals(100, interim.status());
      assertEquals(List.of("Content-Length: 0"), interim.headerLines());
      assertEquals(401, client.send("hello").read().status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /hello HTTP/1.1\r\nHost: a",
        "GET /hello HTTP/1.0\r\nHost: a",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0"
      })
  void sends100ContinueToRequestsThatNeedNone(String head) throws IOException {
    try (var client = server.client()) {
      client.send(head + "\r\nExpect: 100-continue\r\n\r\n");

      assertEquals(100, client.readHead().status());
      assertEquals(200, client.read().status());
    }
  }

  /** Each page is listed in docs/security.md. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "400 GET /%zz HTTP/1.1\r\nHost: a",
        "400 GET /a|b HTTP/1.1\r\nHost: a",
        "400 GET /a\0b HTTP/1.1\r\nHost: a",
        "400 GET // HTTP/1.1\r\nHost: a",
        "400 GET http:// HTTP/1.1\r\nHost: a",
        "400 GET http://[a/hello HTTP/1.1\r\nHost: a",
        "400 GET",
        "400 GET /hello",
        "400 GET /hello HTTP/1.1\r\nHost : a",
        "400 GET /hello HTTP/1.1\r\n Host: a",
        "400 GET /hello HTTP/1.1\r\nHost: a\r\nX",
        "400 GET /hello HTTP/1.1\r\nHost: a\r\nX(: a",
        "400 GET /hello HTTP/1.1\r\nHost: a\r\n: a",
        "400 POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
        "400 POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5",
        "400 POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5",
        "400 POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -5",
        "400 POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808",
        "400 POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:",
        "404 OPTIONS * HTTP/1.1\r\nHost: a",
        "404 GET http://a HTTP/1.1\r\nHost: a",
        "404 GET http://a?b HTTP/1.1\r\nHost: a",
        "404 GET //hello HTTP/1.1\r\nHost: a",
        "404 GET //hello?a=b HTTP/1.1\r\nHost: a",
        "404 GET  /hello HTTP/1.1\r\nHost: a",
        "404 GET ?a=b HTTP/1.1\r\nHost: a",
        "404 GET hello HTTP/1.1\r\nHost: a",
        "501 POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked",
        "501 POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked",
        "501 POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked",
        "501 POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "501 POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:"
      })
  void rejectsMessagesWithItsOwnErrorPage(String message) throws IOException {
    try (var client = server.client()) {
      var response = client.send(message.substring(4) + "\r\n\r\n").read();

      assertEquals(Integer.parseInt(message.substring(0, 3)), response.status());
      assertEquals("text/html", response.field("Content-Type").orElseThrow());
      assertTrue(response.text().startsWith("<h1>"));
      assertTrue(response.closesConnection());
      assertTrue(client.isClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONNECT evil:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET mailto:a HTTP/1.1\r\nHost: a\r\n\r\n"
      })
  void dropsMessagesWithoutAResponse(String message) throws IOException {
    try (var client = server.client()) {
      assertTrue(client.send(message).isClosed());
    }
  }
}
