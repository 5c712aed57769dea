package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.partywall.concurrent.Conditions;
import dev.partywall.concurrent.Latches;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.LocalToken;
import dev.partywall.tenancy.admission.UnauthenticatedLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that tokens with unknown key ids cause few fetches and block few requests. */
class UnknownKeyIdsTest {
  @AutoClose private final AuthenticationFixture fixture = AuthenticationFixture.withKeys();
  private final LocalOidcIssuer issuer = fixture.issuer;

  /** All tokens but one arrive during the first fetch, and wait for the second one. */
  @Test
  @Timeout(60)
  void fetchesTwiceForManyUnknownIdsThatArriveTogether() throws Exception {
    var waiting = IssuerKeys.MAX_WAITING;
    var end = new CountDownLatch(1);
    var rejected = new CountDownLatch(300);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      delayKeys(end);
      var results = new ArrayList<Future<TokenRejection>>();
      var signature = KeyPairs.RSA.sign("RS256", new byte[0]); // invalid: no key checks it
      results.add(executor.submit(() -> reasonFor(unknown(), rejected)));
      while (issuer.requestCount(LocalOidcIssuer.KEYS) < 2) {
        Conditions.pause(); // the first fetch has not begun
      }
      for (var i = 1; i < waiting + 300; i++) {
        var unsigned = fixture.token().header("kid", "unknown-" + i);
        var token =
            LocalToken.compact(unsigned.headerJson(), unsigned.claimsJson(), _ -> signature);
        results.add(executor.submit(() -> reasonFor(token, rejected)));
      }
      Latches.await(rejected); // the others wait
      fixture.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval());
      end.countDown();
      var reasons = new ArrayList<TokenRejection>();
      for (var result : results) {
        reasons.add(result.get());
      }
      assertEquals(waiting, Collections.frequency(reasons, TokenRejection.UNKNOWN_KEY));
    }
    assertEquals(3, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  /** Returns the reason for which a token is rejected, or null if it is not called invalid. */
  private @Nullable TokenRejection reasonFor(String token, CountDownLatch unavailable) {
    var error = assertThrows(ApiException.class, () -> fixture.send(token)).error();
    if (error instanceof ApiError.Unauthenticated(var reason)) {
      return reason;
    }
    assertInstanceOf(ApiError.Unavailable.class, error);
    unavailable.countDown();
    return null;
  }

  /** Any number of made-up ids delays a new key by the interval between two fetches at most. */
  @Test
  void acceptsTheTokenOfANewKeyAfterEachUnknownId() {
    for (var i = 0; i < 3; i++) {
      fixture.assertRejected(TokenRejection.UNKNOWN_KEY, unknown());
      // Of the interval, 50 ms remain.
      fixture.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval().minusMillis(50));
      issuer.rotate();
      var sent = System.nanoTime();
      assertEquals(200, fixture.send(fixture.signedToken()).status());
      assertTrue(System.nanoTime() - sent >= 50_000_000);
      fixture.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval().plusMillis(50));
    }
    assertEquals(7, issuer.requestCount(LocalOidcIssuer.KEYS));
  }

  @Test
  @Timeout(60)
  void acceptsTheTokenOfAKeyThatIsNewSinceTheFetchInProgressHasReadTheKeys() throws Exception {
    var end = new CountDownLatch(1);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      delayKeys(end);
      var first =
          executor.submit(() -> fixture.assertRejected(TokenRejection.UNKNOWN_KEY, unknown()));
      while (issuer.requestCount(LocalOidcIssuer.KEYS) < 2) {
        Conditions.pause();
      }
      issuer.rotate();
      var second = executor.submit(() -> fixture.send(fixture.signedToken()).status());
      fixture.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval());
      end.countDown();
      first.get();
      assertEquals(200, second.get());
    }
  }

  @Test
  void doesNotFetchForAnUnknownIssuerOrAnInvalidToken() {
    fixture.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval());
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
    try (var slow = AuthenticationFixture.withDocumentTimeout(Duration.ofHours(1));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      slow.refresh();
      slow.stall(LocalOidcIssuer.KEYS, end);
      slow.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval());
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
      fixture.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval());
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
   * Makes the issuer send the current keys at {@code end}, in response to the next request only.
   */
  private void delayKeys(CountDownLatch end) throws IOException {
    var keys = new JsonMapper().writeValueAsString(Map.of("keys", List.of(issuer.key().jwk())));
    issuer.replaceResponse(
        LocalOidcIssuer.KEYS,
        exchange -> {
          issuer.restore();
          Latches.await(end);
          LocalOidcIssuer.send(exchange, 200, "application/json", keys);
        });
  }

  private String unknown() {
    return fixture.token().header("alg", "RS256").header("kid", "unknown").signedBy(KeyPairs.RSA);
  }
}
