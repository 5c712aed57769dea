package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.concurrent.Latches;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.tenancy.admission.UnauthenticatedLimit;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that tokens with unknown key ids cause few fetches and block few requests. */
class UnknownKeyIdsTest {
  @AutoClose private final AuthenticationFixture fixture = AuthenticationFixture.withKeys();
  private final LocalOidcIssuer issuer = fixture.issuer;

  @Test
  void fetchesThreeTimesInTenSecondsForManyUnknownIds() throws Exception {
    fixture.clock.advance(IssuerKeys.UNKNOWN_ID_INTERVAL);
    var calls =
        IntStream.range(0, 500)
            .mapToObj(i -> fixture.token().header("kid", "unknown-" + i).signedBy(KeyPairs.RSA))
            .<Callable<Void>>map(token ->
                () -> {
                  assertNotAccepted(token);
                  return null;
                })
            .toList();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var result : executor.invokeAll(calls)) {
        result.get();
      }
    }
    for (var i = 0; i < 4; i++) {
      fixture.clock.advance(Duration.ofSeconds(2));
      fixture.assertRejected(TokenRejection.UNKNOWN_KEY, unknown());
    }
    assertEquals(4, issuer.requestCount(LocalOidcIssuer.KEYS));
    fixture.clock.advance(Duration.ofSeconds(2));
    fixture.assertRejected(TokenRejection.UNKNOWN_KEY, unknown());
    assertEquals(5, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  @Test
  void acceptsTheTokenOfAKeyThatIsNewSinceTheFetchForAnUnknownId() {
    fixture.clock.advance(IssuerKeys.UNKNOWN_ID_INTERVAL);
    fixture.assertRejected(TokenRejection.UNKNOWN_KEY, unknown());
    fixture.clock.advance(Duration.ofMillis(900));
    issuer.rotate();
    var sent = System.nanoTime();
    assertEquals(200, fixture.send(fixture.signedToken()).status());
    // One second after the fetch, of which the fixture's clock has passed 0.9 s.
    assertTrue(System.nanoTime() - sent >= 100_000_000);
    assertEquals(3, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  @Test
  void doesNotFetchForAnUnknownIssuerOrAnInvalidToken() {
    fixture.clock.advance(IssuerKeys.UNKNOWN_ID_INTERVAL);
    var unknownIssuer = fixture.token().claim("iss", "http://127.0.0.1:1").header("kid", "x");
    fixture.assertRejected(TokenRejection.ISSUER, unknownIssuer.signedBy(KeyPairs.RSA));
    fixture.assertRejected(
        TokenRejection.ALGORITHM, TokenForge.signed(fixture.token().header("alg", "none")));
    assertEquals(1, issuer.requestCount(LocalOidcIssuer.DISCOVERY));
  }

  /** Rejected requests do not wait: otherwise the test would take an hour. */
  @Test
  @Timeout(60)
  void limitsTheRequestsThatWaitForASlowIssuer() {
    var end = new CountDownLatch(1);
    var rejected = new CountDownLatch(50);
    try (var slow = new AuthenticationFixture(Duration.ofHours(1));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      slow.refresh();
      slow.stall(LocalOidcIssuer.KEYS, end);
      slow.clock.advance(IssuerKeys.UNKNOWN_ID_INTERVAL);
      var token = slow.token().header("kid", "unknown").signedBy(KeyPairs.RSA);
      for (var i = 0; i < IssuerKeys.MAX_WAITING + 50; i++) {
        executor.execute(() -> {
          slow.assertUnavailable(token); // its key may be new
          rejected.countDown();
        });
      }
      try {
        Latches.await(rejected);
        assertFalse(slow.issuers.refresh().isDone());
      } finally {
        end.countDown();
      }
    }
  }

  @Test
  @Timeout(60)
  void aTokenThatWaitsForKeysTakesNoPartOfTheShareOfSignatureChecks() {
    var end = new CountDownLatch(1);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var share = new UnauthenticatedLimit(1, 0);
      var verifier = new TokenVerifier(AuthenticationFixture.POLICY, fixture.issuers, share);
      fixture.stall(LocalOidcIssuer.KEYS, end);
      fixture.clock.advance(IssuerKeys.UNKNOWN_ID_INTERVAL);
      executor.execute(() ->
          assertThrows(
              ApiException.class, () -> verifier.verify(unknown(), fixture.clock.millis())));
      while (issuer.requestCount(LocalOidcIssuer.KEYS) < 2) {
        Conditions.pause();
      }
      try {
        var verified = verifier.verify(fixture.signedToken(), fixture.clock.millis());
        assertEquals("alice", verified.identity().subject());
      } finally {
        end.countDown();
      }
    }
  }

  @Test
  void aSignatureThatCannotWaitForItsCheckIsRejected() {
    var share = new UnauthenticatedLimit(1, 0);
    var verifier = new TokenVerifier(AuthenticationFixture.POLICY, fixture.issuers, share);
    var token = fixture.signedToken();
    share.call(() -> {
      var rejection =
          assertThrows(ApiException.class, () -> verifier.verify(token, fixture.clock.millis()));
      assertInstanceOf(ApiError.AtCapacity.class, rejection.error());
      return token;
    });
  }

  /**
   * A request that finds too many others waiting for the keys cannot tell whether its key is new.
   */
  private void assertNotAccepted(String token) {
    var error = assertThrows(ApiException.class, () -> fixture.send(token)).error();
    if (!(error instanceof ApiError.Unavailable)) {
      assertEquals(new ApiError.Unauthenticated(TokenRejection.UNKNOWN_KEY), error);
    }
  }

  private String unknown() {
    return fixture.token().header("kid", "unknown").signedBy(KeyPairs.RSA);
  }
}
