package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.local.LocalIssuer;
import dev.partywall.local.LocalKey;
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
  private final Gatehouse gatehouse = new Gatehouse();
  private final LocalIssuer issuer = gatehouse.issuer;

  @AfterEach
  void close() {
    gatehouse.close();
  }

  @Test
  void fetchesNothingBeforeTheStart() {
    assertEquals(0, issuer.requests(LocalIssuer.DISCOVERY));
  }

  @Test
  void acceptsTokensOfANewKeyImmediatelyAndOfTheOldKey() {
    gatehouse.refresh();
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    var old = gatehouse.signed();
    issuer.rotate();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertEquals(200, gatehouse.ask(old).status());
    assertEquals(2, issuer.requests(LocalIssuer.KEYS));
  }

  @Test
  void rejectsACachedTokenWithinFiveMinutesOfTheKeysWithdrawal() {
    gatehouse.refresh();
    var token = gatehouse.signed();
    assertEquals(200, gatehouse.ask(token).status());
    issuer.publish(Pairs.RSA);
    advance(Duration.ofMinutes(5));
    assertRejected(Rejection.UNKNOWN_KEY, token);
  }

  @Test
  void rejectsOldTokensWhenADifferentKeyHasTheSameId() {
    gatehouse.refresh();
    var token = gatehouse.signed();
    assertEquals(200, gatehouse.ask(token).status());
    issuer.publish(Pairs.RSA.named(issuer.key().id()));
    advance(Duration.ofMinutes(5));
    assertRejected(Rejection.SIGNATURE, token);
  }

  @Test
  void rejectsOtherAlgorithmsWhenAKeyIsRestrictedToOne() {
    gatehouse.refresh();
    var token = gatehouse.token().header("alg", "PS256").signedBy(issuer.key());
    assertEquals(200, gatehouse.ask(token).status());
    var restricted = new HashMap<>(issuer.key().jwk());
    restricted.put("alg", "RS256");
    issuer.publish(List.of(restricted));
    advance(Duration.ofMinutes(5));
    assertRejected(Rejection.KEY_MISMATCH, token);
  }

  @Test
  void rejectsAllTokensButStaysReadyWhenAllKeysAreWithdrawn() {
    gatehouse.refresh();
    issuer.publish();
    advance(Duration.ofMinutes(5));
    assertRejected(Rejection.UNKNOWN_KEY, gatehouse.signed());
    assertTrue(gatehouse.issuers.ready());
    assertEquals("no usable key", problem());
  }

  @Test
  void keepsTheKeysWhileTheIssuerIsUnavailable() {
    gatehouse.refresh();
    issuer.goAway();
    advance(Duration.ofHours(10));
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertTrue(gatehouse.issuers.ready());
    assertTrue(problem().startsWith("no response: "), this::problem);
    issuer.restore();
    advance(IssuerKeys.RETRY);
    assertEquals("", problem());
  }

  @Test
  void isUnavailableUntilTheIssuerIsAvailableForTheFirstTime() {
    issuer.goAway();
    gatehouse.refresh();
    assertFalse(gatehouse.issuers.ready());
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(gatehouse.signed()));
    assertInstanceOf(Refusal.Unavailable.class, refused.refusal());
    issuer.restore();
    advance(IssuerKeys.RETRY);
    assertTrue(gatehouse.issuers.ready());
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
  }

  @Test
  void rejectsAMalformedTokenBeforeTheFirstKeys() {
    assertRejected(Rejection.NOT_THREE_PARTS, "x");
  }

  @Test
  void refreshesInTheBackgroundAfterTheStart() throws InterruptedException {
    var requested = new CountDownLatch(1);
    issuer.replace(LocalIssuer.DISCOVERY, exchange -> requested.countDown());
    gatehouse.issuers.start();
    requested.await();
  }

  @Test
  void doesNotRefreshBeforeTheIntervalEnds() {
    gatehouse.refresh();
    gatehouse.clock.advance(IssuerKeys.FRESH.minusSeconds(1));
    gatehouse.refresh();
    assertEquals(1, issuer.requests(LocalIssuer.KEYS));
    gatehouse.clock.advance(Duration.ofSeconds(1));
    gatehouse.refresh();
    assertEquals(2, issuer.requests(LocalIssuer.KEYS));
  }

  @Test
  void refreshesWhenTheClockIsSetBack() {
    gatehouse.refresh();
    gatehouse.clock.advance(Duration.ofDays(-1));
    gatehouse.refresh();
    assertEquals(2, issuer.requests(LocalIssuer.KEYS));
  }

  @Test
  void triesAllKeysWithTheSameId() {
    var twin = LocalKey.rsa(issuer.key().id(), 2048);
    issuer.publish(twin, issuer.key());
    gatehouse.refresh();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertEquals(200, gatehouse.ask(gatehouse.token().signedBy(twin)).status());
    assertRejected(Rejection.SIGNATURE, gatehouse.token().signedBy(Pairs.RSA));
  }

  @Test
  void abandonsAResponseThatNeverEnds() {
    try (var fixture = new Gatehouse(Duration.ofMillis(100))) {
      var end = new CountDownLatch(1);
      fixture.issuer.replace(LocalIssuer.DISCOVERY, exchange -> stall(exchange, end));
      fixture.refresh();
      end.countDown();
      var status = fixture.issuers.status().getFirst();
      assertEquals(Optional.of("no response within the timeout"), status.problem());
    }
  }

  @Test
  void joinsAFetchInProgress() {
    var end = new CountDownLatch(1);
    issuer.replace(LocalIssuer.DISCOVERY, exchange -> stall(exchange, end));
    var keys = gatehouse.issuers.named(issuer.name()).orElseThrow();
    var fetch = keys.refresh();
    gatehouse.clock.advance(IssuerKeys.FRESH);
    assertSame(fetch, keys.refresh());
    end.countDown();
  }

  @Test
  void isUnavailableWhenTheFirstKeySetIsEmpty() {
    issuer.publish();
    gatehouse.refresh();
    assertFalse(gatehouse.issuers.ready());
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(gatehouse.signed()));
    assertInstanceOf(Refusal.Unavailable.class, refused.refusal());
    issuer.publish(issuer.key());
    advance(IssuerKeys.RETRY);
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
  }

  @Test
  void usesTheOldKeysDuringAFetch() {
    gatehouse.refresh();
    var end = new CountDownLatch(1);
    issuer.replace(LocalIssuer.KEYS, exchange -> stall(exchange, end));
    gatehouse.clock.advance(IssuerKeys.FRESH);
    var fetch = gatehouse.issuers.refresh();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertFalse(fetch.isDone());
    end.countDown();
  }

  private void assertRejected(Rejection reason, String token) {
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(token));
    assertEquals(reason, assertInstanceOf(RejectedToken.class, refused.getCause()).reason());
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
