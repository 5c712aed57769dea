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

/** What tokens with key ids that nobody has heard of may cost: the issuer, and everybody else. */
class UnknownKeysTest {
  private final Gatehouse gatehouse = Gatehouse.open();
  private final LocalIssuer issuer = gatehouse.issuer;

  @AfterEach
  void close() {
    gatehouse.close();
  }

  @Test
  void aFloodOfUnknownIdsCausesOneFetch() throws Exception {
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    var tokens =
        IntStream.range(0, 500)
            .mapToObj(i -> gatehouse.token().header("kid", "unknown-" + i).signedBy(Pairs.RSA))
            .<Callable<Void>>map(token ->
                () -> {
                  assertRefused(Rejection.UNKNOWN_KEY, token);
                  return null;
                })
            .toList();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : executor.invokeAll(tokens)) {
        done.get();
      }
    }
    assertRefused(Rejection.UNKNOWN_KEY, unknown());
    assertEquals(2, issuer.requests(LocalIssuer.KEYS));
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    assertRefused(Rejection.UNKNOWN_KEY, unknown());
    assertEquals(3, issuer.requests(LocalIssuer.KEYS));
  }

  @Test
  void anUnknownIssuerOrAWrongTokenCausesNoFetchAtAll() {
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    var strange = gatehouse.token().claim("iss", "http://127.0.0.1:1").header("kid", "x");
    assertRefused(Rejection.ISSUER, strange.signedBy(Pairs.RSA));
    assertRefused(Rejection.ALGORITHM, Forge.signed(gatehouse.token().header("alg", "none")));
    assertEquals(1, issuer.requests(LocalIssuer.DISCOVERY));
  }

  /** Who is refused here does not wait: otherwise it would take an hour. */
  @Test
  @Timeout(60)
  void noMoreThanSoManyWaitForASlowIssuer() {
    var end = new CountDownLatch(1);
    var refused = new CountDownLatch(50);
    try (var patient = new Gatehouse(Duration.ofHours(1));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      patient.refresh();
      patient.issuer.replace(LocalIssuer.KEYS, exchange -> drip(exchange, end));
      patient.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
      var token = patient.token().header("kid", "unknown").signedBy(Pairs.RSA);
      for (var i = 0; i < IssuerKeys.MOST_WAITING + 50; i++) {
        executor.execute(() -> {
          assertThrows(Refused.class, () -> patient.ask(token));
          refused.countDown();
        });
      }
      try {
        await(refused);
        assertFalse(patient.issuers.refresh().isDone());
      } finally {
        end.countDown();
      }
    }
  }

  private void assertRefused(Rejection reason, String token) {
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(token));
    assertEquals(reason, assertInstanceOf(RejectedToken.class, refused.getCause()).reason());
  }

  private String unknown() {
    return gatehouse.token().header("kid", "unknown").signedBy(Pairs.RSA);
  }

  /** Sends a beginning, and then nothing more until the end. */
  private static void drip(HttpExchange exchange, CountDownLatch end) throws IOException {
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
