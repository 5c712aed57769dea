package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.TokenRejection;
import dev.partywall.local.LocalOidcIssuer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests how long keys stay in use, and how many fetches that causes. */
class IssuerKeysTest {
  @AutoClose private final AuthenticationFixture fixture = new AuthenticationFixture();
  private final LocalOidcIssuer issuer = fixture.issuer;

  @Test
  void fetchesNothingBeforeTheStart() {
    assertEquals(0, issuer.requestCount(LocalOidcIssuer.DISCOVERY));
  }

  @Test
  void acceptsTokensOfANewKeyImmediatelyAndOfTheOldKey() {
    fixture.refresh();
    fixture.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval());
    var old = fixture.signedToken();
    issuer.rotate();
    assertEquals(200, fixture.send(fixture.signedToken()).status());
    assertEquals(200, fixture.send(old).status());
    assertEquals(2, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  @Test
  void rejectsACachedTokenWithinFiveMinutesOfTheKeysWithdrawal() {
    fixture.refresh();
    var token = fixture.signedToken();
    assertEquals(200, fixture.send(token).status());
    issuer.publish(KeyPairs.RSA);
    advance(Duration.ofMinutes(5));
    fixture.assertRejected(TokenRejection.UNKNOWN_KEY, token);
  }

  @Test
  void rejectsOldTokensWhenADifferentKeyHasTheSameId() {
    fixture.refresh();
    var token = fixture.signedToken();
    assertEquals(200, fixture.send(token).status());
    issuer.publish(KeyPairs.RSA.withId(issuer.key().id()));
    advance(Duration.ofMinutes(5));
    fixture.assertRejected(TokenRejection.SIGNATURE, token);
  }

  @Test
  void rejectsOtherAlgorithmsWhenAKeyIsRestrictedToOne() {
    fixture.refresh();
    var token = fixture.token().header("alg", "PS256").signedBy(issuer.key());
    assertEquals(200, fixture.send(token).status());
    var restricted = new HashMap<>(issuer.key().jwk());
    restricted.put("alg", "RS256");
    issuer.publish(List.of(restricted));
    advance(Duration.ofMinutes(5));
    fixture.assertRejected(TokenRejection.KEY_MISMATCH, token);
  }

  @Test
  void acceptsNoTokenButStaysReadyWhenAllKeysAreWithdrawn() {
    fixture.refresh();
    var cached = fixture.signedToken();
    assertEquals(200, fixture.send(cached).status());
    issuer.publish();
    advance(Duration.ofMinutes(5));
    fixture.assertUnavailable(cached);
    fixture.assertUnavailable(fixture.signedToken());
    assertTrue(fixture.issuers.ready());
    assertEquals("no usable key", problem());
    issuer.publish(issuer.key());
    advance(IssuerKeys.RETRY_AFTER);
    assertEquals(200, fixture.send(cached).status());
  }

  @Test
  void keepsTheKeysWhileTheIssuerIsUnavailable() {
    fixture.refresh();
    issuer.dropConnections();
    advance(Duration.ofHours(10));
    assertEquals(200, fixture.send(fixture.signedToken()).status());
    assertTrue(fixture.issuers.ready());
    assertTrue(problem().startsWith("no response: "), this::problem);
    issuer.restore();
    advance(IssuerKeys.RETRY_AFTER);
    assertEquals("", problem());
  }

  @Test
  void isUnavailableUntilTheIssuerIsAvailableForTheFirstTime() {
    issuer.dropConnections();
    fixture.refresh();
    assertFalse(fixture.issuers.ready());
    fixture.assertUnavailable(fixture.signedToken());
    issuer.restore();
    advance(IssuerKeys.RETRY_AFTER);
    assertTrue(fixture.issuers.ready());
    assertEquals(200, fixture.send(fixture.signedToken()).status());
  }

  @Test
  void rejectsAMalformedTokenBeforeTheFirstKeys() {
    fixture.assertRejected(TokenRejection.NOT_THREE_PARTS, "x");
  }

  @Test
  void refreshesInTheBackgroundAfterTheStart() throws InterruptedException {
    var requested = new CountDownLatch(1);
    issuer.replaceResponse(LocalOidcIssuer.DISCOVERY, exchange -> requested.countDown());
    fixture.issuers.start();
    requested.await();
  }

  @Test
  void doesNotRefreshBeforeTheIntervalEnds() {
    fixture.refresh();
    fixture.clock.advance(IssuerKeys.REFRESH_INTERVAL.minusSeconds(1));
    fixture.refresh();
    assertEquals(1, issuer.requestCount(LocalOidcIssuer.KEYS));
    fixture.clock.advance(Duration.ofSeconds(1));
    fixture.refresh();
    assertEquals(2, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  @Test
  void refreshesWhenTheClockIsSetBack() {
    fixture.refresh();
    fixture.clock.advance(Duration.ofDays(-1));
    fixture.refresh();
    assertEquals(2, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  @Test
  void triesAllKeysWithTheSameId() {
    var twin = KeyPairs.OTHER_RSA.withId(issuer.key().id());
    issuer.publish(twin, issuer.key());
    fixture.refresh();
    assertEquals(200, fixture.send(fixture.signedToken()).status());
    assertEquals(200, fixture.send(fixture.token().signedBy(twin)).status());
    fixture.assertRejected(TokenRejection.SIGNATURE, fixture.token().signedBy(KeyPairs.RSA));
  }

  @Test
  void abandonsAResponseThatNeverEnds() {
    try (var slow = AuthenticationFixture.withDocumentTimeout(Duration.ofMillis(100))) {
      var end = new CountDownLatch(1);
      slow.stall(LocalOidcIssuer.DISCOVERY, end);
      slow.refresh();
      end.countDown();
      var status = slow.issuers.status().getFirst();
      assertEquals(Optional.of("no response within the timeout"), status.problem());
    }
  }

  @Test
  void joinsAFetchInProgress() {
    var end = new CountDownLatch(1);
    fixture.stall(LocalOidcIssuer.DISCOVERY, end);
    var keys = fixture.issuers.keysOf(issuer.name()).orElseThrow();
    var fetch = keys.refresh();
    fixture.clock.advance(IssuerKeys.REFRESH_INTERVAL);
    assertSame(fetch, keys.refresh());
    end.countDown();
  }

  @Test
  void isUnavailableWhenTheFirstKeySetIsEmpty() {
    issuer.publish();
    fixture.refresh();
    assertFalse(fixture.issuers.ready());
    fixture.assertUnavailable(fixture.signedToken());
    issuer.publish(issuer.key());
    advance(IssuerKeys.RETRY_AFTER);
    assertEquals(200, fixture.send(fixture.signedToken()).status());
  }

  @Test
  void usesTheOldKeysDuringAFetch() {
    fixture.refresh();
    var end = new CountDownLatch(1);
    fixture.stall(LocalOidcIssuer.KEYS, end);
    fixture.clock.advance(IssuerKeys.REFRESH_INTERVAL);
    var fetch = fixture.issuers.refresh();
    assertEquals(200, fixture.send(fixture.signedToken()).status());
    assertFalse(fetch.isDone());
    end.countDown();
  }

  /** Advances the clock in steps of one minute, with a refresh after each step. */
  private void advance(Duration duration) {
    for (var rest = duration; rest.isPositive(); rest = rest.minus(Duration.ofMinutes(1))) {
      fixture.clock.advance(
          rest.compareTo(Duration.ofMinutes(1)) < 0 ? rest : Duration.ofMinutes(1));
      fixture.refresh();
    }
  }

  private String problem() {
    return fixture.issuers.status().getFirst().problem().orElse("");
  }
}
