package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests after which requests a connection stays open. */
class KeepAliveTest {
  @AutoClose
  private static final TestServer server =
      TestServer.start(Route.open("POST", "/conflict", KeepAliveTest::conflict));

  @Test
  void keepsTheConnectionAfterARejectionOfARequestWithoutABody() throws IOException {
    try (var client = server.client()) {
      assertEquals(404, client.get("/unknown").read().status());
      var wrong = client.send("PATCH /things/1 HTTP/1.1\r\nHost: a\r\n\r\n").read();
      assertEquals(405, wrong.status());
      assertEquals(Optional.of("DELETE, GET, HEAD, OPTIONS"), wrong.field("Allow"));
      client.send("POST /reject HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
      assertEquals(401, client.read().status());
      assertEquals(415, client.send("POST /json HTTP/1.1\r\nHost: a\r\n\r\n").read().status());
      assertEquals(200, client.get("/hello").read().status());
    }
  }

  @Test
  void keepsNoConnectionOfTheManagementListener() throws IOException {
    try (var management = TestServer.start(ListenerLimits.MANAGEMENT, Duration.ofSeconds(9));
        var client = management.client()) {
      assertTrue(client.get("/hello").read().closesConnection());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void keepsTheConnectionAfterABodyThatWasParsedAsJson() throws IOException {
    try (var client = server.client()) {
      var head = "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
      var five = head + "Content-Length: 5\r\n\r\n";
      assertEquals("[123]", client.send(five + "[123]").read().text());
      assertEquals("[456]", client.send(five).send("[4").send("56]").read().text());
      client.send("POST /conflict" + five.substring(10) + "[123]");
      assertEquals(409, client.read().status());
      assertEquals(200, client.get("/hello").read().status());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST /reject, X: y, 401",
    "POST /unknown, X: y, 404",
    "PATCH /things/1, X: y, 405",
    "POST /json, X: y, 415",
    "POST /json, Content-Type: application/json, 400",
    "POST /echo, X: y, 200",
    "POST /unread, X: y, 200",
    "DELETE /things/1, X: y, 204",
    "OPTIONS /things/1, X: y, 204",
    "GET /hello, X: y, 200",
  })
  void closesTheConnectionAfterABodyThatWasNotParsed(String line, String field, int status)
      throws IOException {
    try (var client = server.client()) {
      client.send(line + " HTTP/1.1\r\nHost: a\r\n" + field + "\r\nContent-Length: 2\r\n\r\n{]");
      var response = client.read();
      assertEquals(status, response.status());
      assertTrue(response.closesConnection());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void closesTheConnectionOnTheCloseOptionInAnySpelling() throws IOException {
    for (var value : new String[] {"close", "Close", "keep-alive, close", "TE, CLOSE"}) {
      try (var client = server.client()) {
        client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: " + value + "\r\n\r\n");
        assertTrue(client.read().closesConnection());
        assertTrue(client.isClosed());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Host: a\r\n", "Host:\r\n", "Connection: TE\r\n", "Expect: x\r\n"})
  void servesHttp10AndClosesTheConnection(String fields) throws IOException {
    try (var client = server.client()) {
      var response = client.send("GET /hello HTTP/1.0\r\n" + fields + "\r\n").read();
      assertEquals("{\"hello\":\"world\"}", response.text());
      assertTrue(response.closesConnection());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void keepsAConnectionOfHttp10OnRequestAndSaysSo() throws IOException {
    try (var client = server.client()) {
      for (var options : new String[] {"keep-alive", "Keep-Alive", "TE, keep-alive"}) {
        client.send("GET /hello HTTP/1.0\r\nConnection: " + options + "\r\n\r\n");
        assertEquals(Optional.of("keep-alive"), client.read().field("Connection"));
      }
    }
  }

  private static Response conflict(Request request) {
    throw new ApiException(new ApiError.Conflict("size", "The size is " + request.json().size()));
  }
}
