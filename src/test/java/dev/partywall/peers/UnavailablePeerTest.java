package dev.partywall.peers;

import static dev.partywall.peers.PeersFixture.NAME;
import static dev.partywall.peers.PeersFixture.TOKEN;
import static dev.partywall.peers.PeersFixture.TRACE;
import static dev.partywall.peers.PeersFixture.asAlice;
import static dev.partywall.peers.PeersFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.client.ScriptedServer;
import dev.partywall.observability.log.SuiteLog;
import dev.partywall.service.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the failures of peers. */
@Timeout(60)
class UnavailablePeerTest {
  private final PeersFixture fixture = new PeersFixture();
  private final ScriptedServer server = fixture.server;
  private final List<String> outcomes = fixture.outcomes;
  private final Peer peer = fixture.peer;

  UnavailablePeerTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "502 Bad Gateway, status 502",
    "503 Service Unavailable, status 503",
    "504 Gateway Timeout, status 504",
  })
  void rejectsTheRequestIfThePeerIsUnavailable(String status, String reason) throws Exception {
    server.script(ScriptedServer.responds(status, "{}"));
    assertUnavailable("UNAVAILABLE", reason);
    assertEquals(1, server.requests().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
        "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"a\":1,\"a\":2",
        "HTTP/1.1 200 " + TOKEN + "\r\nContent-Length: x" + TOKEN + "\r\n\r\n",
        TOKEN + "\r\n\r\n"
      })
  void rejectsTheRequestAfterAnInvalidReply(String reply) throws Exception {
    server.script(ScriptedServer.sends(reply));
    assertUnavailable("FAILED", "Exception");
  }

  @Test
  void limitsTheSizeOfAReply() throws Exception {
    var filler = "x".repeat(Peers.MAX_REPLY_BYTES - 2);
    server.script(ScriptedServer.responds("200 OK", "\"" + filler + "\""));
    assertEquals(filler, asAlice(() -> peer.get("/")).body().textValue());
    server.script(ScriptedServer.responds("200 OK", "\"" + filler + "x\""));
    assertUnavailable("FAILED", "Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"})
  void rejectsTheRequestIfThePeerIsSlow(String start) throws Exception {
    server.script(server.hangsAfter(start));
    do { // on a busy machine, the time can end before the peer gets the request
      assertUnavailable("TIMED_OUT", "java.net.SocketTimeoutException", Duration.ofMillis(350));
    } while (server.requests().isEmpty());
    server.awaitDisconnected();
    assertEquals("100", server.requests().getFirst().fields().get("request-timeout-ms"));
  }

  @Test
  void sendsNothingIfNoTimeIsLeft() throws Exception {
    assertUnavailable("TIMED_OUT", "no time is left", Duration.ofMillis(250));
    assertUnavailable("TIMED_OUT", "no time is left", Duration.ofMillis(-1));
    assertEquals(List.of(), server.requests());
  }

  @Test
  void rejectsTheRequestAfterAnInterrupt() throws Exception {
    server.script(server.hangsAfter(""));
    var lines =
        captureWarnings(() -> {
          Thread.currentThread().interrupt();
          assertThrows(ApiException.class, () -> asAlice(() -> peer.get("/orders")));
          assertTrue(Thread.interrupted(), "the interrupt is kept");
        });
    assertEquals(1, lines.size());
    assertEquals(List.of(NAME + " TIMED_OUT"), outcomes);
  }

  @Test
  void rejectsTheRequestWithoutAConnection() throws Exception {
    server.close();
    assertUnavailable("FAILED", "java.net.ConnectException");
  }

  private void assertUnavailable(String outcome, String reason) throws Exception {
    assertUnavailable(outcome, reason, Duration.ofSeconds(30));
  }

  /** Asserts the error, the outcome and exactly one log line, which contains no token. */
  private void assertUnavailable(String outcome, String reason, Duration left) throws Exception {
    outcomes.clear();
    var lines =
        captureWarnings(() -> {
          var rejected =
              assertThrows(
                  ApiException.class,
                  () -> asAlice(left, () -> peer.get("/orders/{id}", "secret")));
          var error = assertInstanceOf(ApiError.Unavailable.class, rejected.error());
          assertEquals("A service that this request requires is unavailable.", error.detail());
          assertEquals(Duration.ofSeconds(2), error.retryAfter());
        });
    assertEquals(1, lines.size(), lines::toString);
    var line = json(lines.getFirst());
    assertEquals("WARN", line.path("level").textValue());
    assertEquals("Call to a peer failed", line.path("message").textValue());
    assertEquals(outcome, line.path("outcome").textValue());
    assertTrue(line.path("reason").textValue().endsWith(reason), lines::toString);
    assertEquals(TRACE, line.path("traceId").textValue());
    assertFalse(lines.getFirst().contains(TOKEN), lines::toString);
    assertFalse(lines.getFirst().contains("secret"), lines::toString);
    assertEquals(List.of(NAME + " " + outcome), outcomes);
  }

  private static List<String> captureWarnings(Runnable work) throws InterruptedException {
    var lines = new ConcurrentLinkedQueue<String>();
    var unsubscribe = SuiteLog.addListener(lines::add);
    work.run();
    SuiteLog.errorLines(); // waits for all lines
    unsubscribe.run();
    return lines.stream().filter(line -> line.contains("\"peer\":\"" + NAME + "\"")).toList();
  }
}
