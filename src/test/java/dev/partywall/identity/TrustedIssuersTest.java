package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.identity.Issuer.Callers;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.tenancy.admission.UnauthenticatedLimit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests several issuers together. */
class TrustedIssuersTest {
  private final ManualClock clock = new ManualClock();
  private final LocalOidcIssuer first;
  private final LocalOidcIssuer second;
  private final TrustedIssuers issuers;
  private final TokenVerifier verifier;

  TrustedIssuersTest() throws IOException {
    first = LocalOidcIssuer.start(0, clock, KeyPairs.RSA);
    second = LocalOidcIssuer.start(0, clock, KeyPairs.OTHER_RSA);
    issuers =
        new TrustedIssuers(
            List.of(
                new Issuer(first.name(), Callers.TENANT_USERS),
                new Issuer(second.name(), Callers.TENANT_USERS)),
            clock);
    verifier =
        new TokenVerifier(
            AuthenticationFixture.POLICY, issuers, new UnauthenticatedLimit(1_000, 0));
  }

  @AfterEach
  void close() {
    issuers.close();
    first.close();
    second.close();
  }

  @Test
  void verifiesTheTokensOfEachIssuer() {
    issuers.refresh().join();
    verify(first.token("acme", "alice", "").signedBy(first.key()));
    verify(second.token("acme", "alice", "").signedBy(second.key()));
  }

  @Test
  void rejectsATokenSignedByAnotherIssuer() {
    second.publish(second.key(), first.key());
    issuers.refresh().join();
    var foreign = first.token("acme", "alice", "").header("kid", second.key().id());
    var rejected =
        assertThrows(TokenRejectedException.class, () -> verify(foreign.signedBy(second.key())));
    assertEquals(TokenRejection.UNKNOWN_KEY, rejected.reason());
  }

  @Test
  void verifiesTokensWhileAnotherIssuerIsUnavailable() {
    second.dropConnections();
    issuers.refresh().join();
    assertTrue(issuers.ready());
    verify(first.token("acme", "alice", "").signedBy(first.key()));
    var token = second.token("acme", "alice", "").signedBy(second.key());
    var rejection = assertThrows(ApiException.class, () -> verify(token));
    assertTrue(rejection.error() instanceof ApiError.Unavailable);
  }

  @Test
  void reportsTheStatusInConfigurationOrder() {
    second.dropConnections();
    assertFalse(issuers.ready());
    issuers.refresh().join();
    var status = issuers.status();
    assertEquals(new IssuerStatus(first.name(), true, Optional.empty()), status.get(0));
    assertEquals(second.name(), status.get(1).issuer());
    assertFalse(status.get(1).ready());
    assertTrue(status.get(1).problem().isPresent());
  }

  @Test
  void isNotReadyWithTheKeysOfOperatorsAlone() {
    first.dropConnections();
    try (var mixed =
        new TrustedIssuers(
            List.of(
                new Issuer(first.name(), Callers.TENANT_USERS),
                new Issuer(second.name(), Callers.OPERATORS)),
            clock)) {
      mixed.refresh().join();
      assertFalse(mixed.ready());
      assertEquals(List.of(false, true), mixed.status().stream().map(IssuerStatus::ready).toList());
      first.restore();
      clock.advance(IssuerKeys.RETRY_AFTER);
      mixed.refresh().join();
      assertTrue(mixed.ready());
    }
  }

  @Test
  void fetchesTheKeysInTheBackgroundAfterTheStart() throws InterruptedException {
    var fetched = new CountDownLatch(2);
    for (var issuer : List.of(first, second)) {
      issuer.replaceResponse(
          LocalOidcIssuer.DISCOVERY,
          exchange -> {
            fetched.countDown();
            exchange.close();
          });
    }
    issuers.start();
    assertTrue(fetched.await(30, TimeUnit.SECONDS));
  }

  private void verify(String token) {
    assertEquals("alice", verifier.verify(token, clock.millis()).identity().subject());
  }
}
