package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import dev.partywall.http.Refused;
import dev.partywall.local.LocalIssuer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that tokens with unknown key ids cause few fetches and block few requests. */
class UnknownKeysTest {
  private final Gatehouse gatehouse = Gatehouse.open();
  private final LocalIssuer issuer = gatehouse.issuer;

  @AfterEach
  void close() {
    gatehouse.close();
  }

  @Test
  void fetchesOnlyOnceForManyUnknownIds() throws Exception {
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    var calls =
        IntStream.range(0, 500)
            .mapToObj(i -> gatehouse.token().header("kid", "unknown-" + i).signedBy(Pairs.RSA))
            .<Callable<Void>>map(token ->
                () -> {
                  assertRejected(Rejection.UNKNOWN_KEY, token);
                  return null;
                })
            .toList();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var result : executor.invokeAll(calls)) {
        result.get();
      }
    }
    assertRejected(Rejection.UNKNOWN_KEY, unknown());
    assertEquals(2, issuer.requests(LocalIssuer.KEYS));
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    assertRejected(Rejection.UNKNOWN_KEY, unknown());
    assertEquals(3, issuer.requests(LocalIssuer.KEYS));
  }

  @Test
  void doesNotFetchForAnUnknownIssuerOrAnInvalidToken() {
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    var unknownIssuer = gatehouse.token().claim("iss", "http://127.0.0.1:1").header("kid", "x");
    assertRejected(Rejection.ISSUER, unknownIssuer.signedBy(Pairs.RSA));
    assertRejected(Rejection.ALGORITHM, Forge.signed(gatehouse.token().header("alg", "none")));
    assertEquals(1, issuer.requests(LocalIssuer.DISCOVERY));
  }

  /** Rejected requests do not wait: otherwise the test would take an hour. */
  @Test
  @Timeout(60)
  void limitsTheRequestsThatWaitForASlowIssuer() {
    var end = new CountDownLatch(1);
    var rejected = new CountDownLatch(50);
    try (var fixture = new Gatehouse(Duration.ofHours(1));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      fixture.refresh();
      fixture.issuer.replace(LocalIssuer.KEYS, exchange -> stall(exchange, end));
      fixture.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
      var token = fixture.token().header("kid", "unknown").signedBy(Pairs.RSA);
      for (var i = 0; i < IssuerKeys.MOST_WAITING + 50; i++) {
        executor.execute(() -> {
          assertThrows(Refused.class, () -> fixture.ask(token));
          rejected.countDown();
        });
      }
      try {
        await(rejected);
        assertFalse(fixture.issuers.refresh().isDone());
      } finally {
        end.countDown();
      }
    }
  }

  private void assertRejected(Rejection reason, String token) {
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(token));
    assertEquals(reason, assertInstanceOf(RejectedToken.class, refused.getCause()).reason());
  }

  private String unknown() {
    return gatehouse.token().header("kid", "unknown").signedBy(Pairs.RSA);
  }

  /** Sends the start of a response, and waits for {@code end}. */
  private static void stall(HttpExchange exchange, CountDownLatch end) throws IOException {
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    await(end);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
