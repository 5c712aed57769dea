package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that sends its complete body before it reads receives a rejection of the request. */
class LingeringCloseTest {
  private static final int MEGABYTE = 1_000_000;

  @AutoClose
  private static final TestServer server =
      TestServer.start(
          new ListenerLimits(
              1_000,
              Duration.ofSeconds(9),
              Duration.ofSeconds(10),
              Duration.ofSeconds(60),
              100,
              true),
          Duration.ofSeconds(9));

  @ParameterizedTest
  @CsvSource({"/echo, 413, 9", "/echo, 413, 50", "/reject, 401, 9", "/reject, 401, 50"})
  void aRejectionReachesTheSenderOfABodyWithALength(String path, int status, int megabytes)
      throws IOException {
    try (var client = server.client()) {
      client.send(head(path) + "Content-Length: " + megabytes * MEGABYTE + "\r\n\r\n");
      for (var i = 0; i < megabytes; i++) {
        client.send(new byte[MEGABYTE]);
      }

      assertRejected(status, client);
    }
  }

  @ParameterizedTest
  @CsvSource({"/echo, 413, 9", "/echo, 413, 50", "/reject, 401, 9", "/reject, 401, 50"})
  void aRejectionReachesTheSenderOfAChunkedBody(String path, int status, int megabytes)
      throws IOException {
    try (var client = server.client()) {
      client.send(head(path) + "Transfer-Encoding: chunked\r\n\r\n");
      for (var i = 0; i < megabytes; i++) {
        client.send("F4240\r\n").send(new byte[MEGABYTE]).send("\r\n");
      }
      client.send("0\r\n\r\n");

      assertRejected(status, client);
    }
  }

  /** With the header fields of such a response, the JDK's server closes the request's body. */
  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "OPTIONS"})
  void aResponseWithoutContentReachesTheSenderOfABody(String method) throws IOException {
    try (var client = server.client()) {
      client.send(
          method
              + " /things/1 HTTP/1.1\r\nHost: a\r\nContent-Length: "
              + 9 * MEGABYTE
              + "\r\n\r\n");
      for (var i = 0; i < 9; i++) {
        client.send(new byte[MEGABYTE]);
      }

      assertRejected(204, client);
    }
  }

  @Test
  void theConnectionOfASenderThatStopsIsClosedAfterASecond() throws IOException {
    try (var client = server.client()) {
      var start = System.nanoTime();
      client.send(head("/reject") + "Content-Length: 50000000\r\n\r\n").send(new byte[MEGABYTE]);

      assertRejected(401, client);
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 8);
    }
  }

  private static String head(String path) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\n";
  }

  private static void assertRejected(int status, RawClient client) throws IOException {
    var response = client.read();
    assertEquals(status, response.status());
    assertTrue(response.closesConnection());
    assertTrue(client.isClosed());
  }
}
