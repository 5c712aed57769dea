package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalOidcIssuer;
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
class UnknownKeyIdsTest {
  private final AuthenticationFixture gatehouse = AuthenticationFixture.withKeys();
  private final LocalOidcIssuer issuer = gatehouse.issuer;

  @AfterEach
  void close() {
    gatehouse.close();
  }

  @Test
  void fetchesOnlyOnceForManyUnknownIds() throws Exception {
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_INTERVAL);
    var calls =
        IntStream.range(0, 500)
            .mapToObj(i -> gatehouse.token().header("kid", "unknown-" + i).signedBy(KeyPairs.RSA))
            .<Callable<Void>>map(token ->
                () -> {
                  assertRejected(TokenRejection.UNKNOWN_KEY, token);
                  return null;
                })
            .toList();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var result : executor.invokeAll(calls)) {
        result.get();
      }
    }
    assertRejected(TokenRejection.UNKNOWN_KEY, unknown());
    assertEquals(2, issuer.requestCount(LocalOidcIssuer.KEYS));
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_INTERVAL);
    assertRejected(TokenRejection.UNKNOWN_KEY, unknown());
    assertEquals(3, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  @Test
  void doesNotFetchForAnUnknownIssuerOrAnInvalidToken() {
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_INTERVAL);
    var unknownIssuer = gatehouse.token().claim("iss", "http://127.0.0.1:1").header("kid", "x");
    assertRejected(TokenRejection.ISSUER, unknownIssuer.signedBy(KeyPairs.RSA));
    assertRejected(
        TokenRejection.ALGORITHM, TokenForge.signed(gatehouse.token().header("alg", "none")));
    assertEquals(1, issuer.requestCount(LocalOidcIssuer.DISCOVERY));
  }

  /** Rejected requests do not wait: otherwise the test would take an hour. */
  @Test
  @Timeout(60)
  void limitsTheRequestsThatWaitForASlowIssuer() {
    var end = new CountDownLatch(1);
    var rejected = new CountDownLatch(50);
    try (var fixture = new AuthenticationFixture(Duration.ofHours(1));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      fixture.refresh();
      fixture.issuer.replaceResponse(LocalOidcIssuer.KEYS, exchange -> stall(exchange, end));
      fixture.clock.advance(IssuerKeys.UNKNOWN_ID_INTERVAL);
      var token = fixture.token().header("kid", "unknown").signedBy(KeyPairs.RSA);
      for (var i = 0; i < IssuerKeys.MAX_WAITING + 50; i++) {
        executor.execute(() -> {
          assertThrows(ApiException.class, () -> fixture.send(token));
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

  private void assertRejected(TokenRejection reason, String token) {
    var refused = assertThrows(ApiException.class, () -> gatehouse.send(token));
    assertEquals(
        reason, assertInstanceOf(TokenRejectedException.class, refused.getCause()).reason());
  }

  private String unknown() {
    return gatehouse.token().header("kid", "unknown").signedBy(KeyPairs.RSA);
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
