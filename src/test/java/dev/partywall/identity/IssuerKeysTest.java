package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalKey;
import dev.partywall.local.LocalOidcIssuer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests how long keys stay in use, and how many fetches that causes. */
class IssuerKeysTest {
  private final AuthenticationFixture gatehouse = new AuthenticationFixture();
  private final LocalOidcIssuer issuer = gatehouse.issuer;

  @AfterEach
  void close() {
    gatehouse.close();
  }

  @Test
  void fetchesNothingBeforeTheStart() {
    assertEquals(0, issuer.requestCount(LocalOidcIssuer.DISCOVERY));
  }

  @Test
  void acceptsTokensOfANewKeyImmediatelyAndOfTheOldKey() {
    gatehouse.refresh();
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_INTERVAL);
    var old = gatehouse.signedToken();
    issuer.rotate();
    assertEquals(200, gatehouse.send(gatehouse.signedToken()).status());
    assertEquals(200, gatehouse.send(old).status());
    assertEquals(2, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  @Test
  void rejectsACachedTokenWithinFiveMinutesOfTheKeysWithdrawal() {
    gatehouse.refresh();
    var token = gatehouse.signedToken();
    assertEquals(200, gatehouse.send(token).status());
    issuer.publish(KeyPairs.RSA);
    advance(Duration.ofMinutes(5));
    assertRejected(TokenRejection.UNKNOWN_KEY, token);
  }

  @Test
  void rejectsOldTokensWhenADifferentKeyHasTheSameId() {
    gatehouse.refresh();
    var token = gatehouse.signedToken();
    assertEquals(200, gatehouse.send(token).status());
    issuer.publish(KeyPairs.RSA.withId(issuer.key().id()));
    advance(Duration.ofMinutes(5));
    assertRejected(TokenRejection.SIGNATURE, token);
  }

  @Test
  void rejectsOtherAlgorithmsWhenAKeyIsRestrictedToOne() {
    gatehouse.refresh();
    var token = gatehouse.token().header("alg", "PS256").signedBy(issuer.key());
    assertEquals(200, gatehouse.send(token).status());
    var restricted = new HashMap<>(issuer.key().jwk());
    restricted.put("alg", "RS256");
    issuer.publish(List.of(restricted));
    advance(Duration.ofMinutes(5));
    assertRejected(TokenRejection.KEY_MISMATCH, token);
  }

  @Test
  void rejectsAllTokensButStaysReadyWhenAllKeysAreWithdrawn() {
    gatehouse.refresh();
    issuer.publish();
    advance(Duration.ofMinutes(5));
    assertRejected(TokenRejection.UNKNOWN_KEY, gatehouse.signedToken());
    assertTrue(gatehouse.issuers.ready());
    assertEquals("no usable key", problem());
  }

  @Test
  void keepsTheKeysWhileTheIssuerIsUnavailable() {
    gatehouse.refresh();
    issuer.dropConnections();
    advance(Duration.ofHours(10));
    assertEquals(200, gatehouse.send(gatehouse.signedToken()).status());
    assertTrue(gatehouse.issuers.ready());
    assertTrue(problem().startsWith("no response: "), this::problem);
    issuer.restore();
    advance(IssuerKeys.RETRY_AFTER);
    assertEquals("", problem());
  }

  @Test
  void isUnavailableUntilTheIssuerIsAvailableForTheFirstTime() {
    issuer.dropConnections();
    gatehouse.refresh();
    assertFalse(gatehouse.issuers.ready());
    var refused = assertThrows(ApiException.class, () -> gatehouse.send(gatehouse.signedToken()));
    assertInstanceOf(ApiError.Unavailable.class, refused.error());
    issuer.restore();
    advance(IssuerKeys.RETRY_AFTER);
    assertTrue(gatehouse.issuers.ready());
    assertEquals(200, gatehouse.send(gatehouse.signedToken()).status());
  }

  @Test
  void rejectsAMalformedTokenBeforeTheFirstKeys() {
    assertRejected(TokenRejection.NOT_THREE_PARTS, "x");
  }

  @Test
  void refreshesInTheBackgroundAfterTheStart() throws InterruptedException {
    var requested = new CountDownLatch(1);
    issuer.replaceResponse(LocalOidcIssuer.DISCOVERY, exchange -> requested.countDown());
    gatehouse.issuers.start();
    requested.await();
  }

  @Test
  void doesNotRefreshBeforeTheIntervalEnds() {
    gatehouse.refresh();
    gatehouse.clock.advance(IssuerKeys.REFRESH_INTERVAL.minusSeconds(1));
    gatehouse.refresh();
    assertEquals(1, issuer.requestCount(LocalOidcIssuer.KEYS));
    gatehouse.clock.advance(Duration.ofSeconds(1));
    gatehouse.refresh();
    assertEquals(2, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  @Test
  void refreshesWhenTheClockIsSetBack() {
    gatehouse.refresh();
    gatehouse.clock.advance(Duration.ofDays(-1));
    gatehouse.refresh();
    assertEquals(2, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  @Test
  void triesAllKeysWithTheSameId() {
    var twin = LocalKey.rsa(issuer.key().id(), 2048);
    issuer.publish(twin, issuer.key());
    gatehouse.refresh();
    assertEquals(200, gatehouse.send(gatehouse.signedToken()).status());
    assertEquals(200, gatehouse.send(gatehouse.token().signedBy(twin)).status());
    assertRejected(TokenRejection.SIGNATURE, gatehouse.token().signedBy(KeyPairs.RSA));
  }

  @Test
  void abandonsAResponseThatNeverEnds() {
    try (var fixture = new AuthenticationFixture(Duration.ofMillis(100))) {
      var end = new CountDownLatch(1);
      fixture.issuer.replaceResponse(LocalOidcIssuer.DISCOVERY, exchange -> stall(exchange, end));
      fixture.refresh();
      end.countDown();
      var status = fixture.issuers.status().getFirst();
      assertEquals(Optional.of("no response within the timeout"), status.problem());
    }
  }

  @Test
  void joinsAFetchInProgress() {
    var end = new CountDownLatch(1);
    issuer.replaceResponse(LocalOidcIssuer.DISCOVERY, exchange -> stall(exchange, end));
    var keys = gatehouse.issuers.keysOf(issuer.name()).orElseThrow();
    var fetch = keys.refresh();
    gatehouse.clock.advance(IssuerKeys.REFRESH_INTERVAL);
    assertSame(fetch, keys.refresh());
    end.countDown();
  }

  @Test
  void isUnavailableWhenTheFirstKeySetIsEmpty() {
    issuer.publish();
    gatehouse.refresh();
    assertFalse(gatehouse.issuers.ready());
    var refused = assertThrows(ApiException.class, () -> gatehouse.send(gatehouse.signedToken()));
    assertInstanceOf(ApiError.Unavailable.class, refused.error());
    issuer.publish(issuer.key());
    advance(IssuerKeys.RETRY_AFTER);
    assertEquals(200, gatehouse.send(gatehouse.signedToken()).status());
  }

  @Test
  void usesTheOldKeysDuringAFetch() {
    gatehouse.refresh();
    var end = new CountDownLatch(1);
    issuer.replaceResponse(LocalOidcIssuer.KEYS, exchange -> stall(exchange, end));
    gatehouse.clock.advance(IssuerKeys.REFRESH_INTERVAL);
    var fetch = gatehouse.issuers.refresh();
    assertEquals(200, gatehouse.send(gatehouse.signedToken()).status());
    assertFalse(fetch.isDone());
    end.countDown();
  }

  private void assertRejected(TokenRejection reason, String token) {
    var refused = assertThrows(ApiException.class, () -> gatehouse.send(token));
    assertEquals(
        reason, assertInstanceOf(TokenRejectedException.class, refused.getCause()).reason());
  }

  /** Advances the clock in steps of one minute, with a refresh after each step. */
  private void advance(Duration duration) {
    for (var rest = duration; rest.isPositive(); rest = rest.minus(Duration.ofMinutes(1))) {
      gatehouse.clock.advance(
          rest.compareTo(Duration.ofMinutes(1)) < 0 ? rest : Duration.ofMinutes(1));
      gatehouse.refresh();
    }
  }

  private String problem() {
    return gatehouse.issuers.status().getFirst().problem().orElse("");
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
