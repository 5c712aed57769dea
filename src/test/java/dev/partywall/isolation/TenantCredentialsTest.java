package dev.partywall.isolation;

import static dev.partywall.isolation.Stage.ACME;
import static dev.partywall.isolation.Stage.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Refused;
import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

class TenantCredentialsTest {
  private final Stage stage = new Stage();

  @Test
  void failsWithoutABoundTenantAndWithoutCallingSts() {
    assertThrows(IllegalStateException.class, stage.credentials::resolveCredentials);
    assertThrows(IllegalStateException.class, stage.credentials::resolveIdentity);
    assertEquals(0, stage.sts.calls());
  }

  @Test
  void cachesCredentialsPerTenant() {
    var first = stage.as(ACME);
    assertEquals("acme#1", first.sessionToken());
    assertEquals("globex#2", stage.as(GLOBEX).sessionToken());
    assertSame(first, stage.as(ACME));
    assertEquals(2, stage.sts.calls());
    assertEquals(List.of("issued acme", "issued globex"), stage.events.told);
  }

  @Test
  void createsTheIdentityForTheSdkOnce() {
    var request = ResolveIdentityRequest.builder().build();
    var acme = new Tenant(ACME, "free");
    var first = TenantContext.call(acme, () -> stage.credentials.resolveIdentity(request));
    assertSame(first, TenantContext.call(acme, () -> stage.credentials.resolveIdentity(request)));
    assertSame(stage.as(ACME), first.join());
  }

  @Test
  void renewsInTheBackgroundWhileServingTheOldCredentials() {
    var old = stage.as(ACME);
    stage.background.held = true;
    stage.clock.pass(Duration.ofMinutes(46));
    assertSame(old, stage.as(ACME));
    assertSame(old, stage.as(ACME));
    assertEquals(1, stage.background.waiting(), "only one renewal is in flight");
    stage.background.catchUp();
    assertEquals("acme#2", stage.as(ACME).sessionToken());
    assertEquals(List.of("issued acme", "renewed acme"), stage.events.told);
  }

  @Test
  void doesNotRenewBeforeTheRenewalTime() {
    stage.as(ACME);
    stage.clock.pass(Duration.ofMinutes(34));
    stage.as(ACME);
    assertEquals(1, stage.sts.calls());
  }

  @Test
  void doesNotRenewForAnIdleTenant() {
    stage.as(ACME);
    stage.clock.pass(Duration.ofHours(3));
    assertEquals(1, stage.sts.calls());
    assertEquals("acme#2", stage.as(ACME).sessionToken());
  }

  @Test
  void servesCredentialsUntilTheirExpiryWhileStsIsUnavailable() {
    var old = stage.as(ACME);
    stage.sts.away = true;
    stage.clock.pass(Duration.ofMinutes(59));
    assertSame(old, stage.as(ACME));
    stage.clock.pass(Duration.ofSeconds(30));
    assertFalse(stage.serves(ACME));
  }

  @Test
  void renewsShortLivedCredentialsAfterHalfTheirLifetime() {
    stage.sts.life = Duration.ofMinutes(15);
    stage.as(ACME);
    stage.clock.pass(Duration.ofMinutes(7));
    stage.as(ACME);
    assertEquals(1, stage.sts.calls());
    stage.clock.pass(Duration.ofMinutes(1));
    stage.as(ACME);
    assertEquals(2, stage.sts.calls());
  }

  @Test
  void treatsNewButExpiredCredentialsAsAFailure() {
    stage.sts.life = Duration.ofSeconds(20);
    assertFalse(stage.serves(ACME));
    assertFalse(stage.serves(ACME));
    assertEquals(1, stage.sts.calls());
  }

  @Test
  void issuesNewCredentialsAfterAMove() {
    stage.as(ACME);
    stage.moved.put(ACME, new Home("orders.acme", List.of("acme")));
    assertEquals("acme#2", stage.as(ACME).sessionToken());
    assertEquals("acme#2", stage.as(ACME).sessionToken());
    assertEquals(1, stage.credentials.size());
  }

  @Test
  void dropsTheCredentialsOfARemovedTenant() {
    stage.as(ACME);
    stage.as(GLOBEX);
    stage.credentials.forget(ACME);
    assertEquals(1, stage.credentials.size());
    assertEquals("acme#3", stage.as(ACME).sessionToken());
    assertEquals("globex#2", stage.as(GLOBEX).sessionToken());
  }

  @Test
  void dropsTheCredentialsOfARemovedTenantFromTheOldGeneration() {
    var small = stage.credentials(stage.background, 2);
    Stage.as(ACME, small);
    Stage.as(GLOBEX, small);
    small.forget(ACME);
    assertEquals(1, small.size());
  }

  @Test
  void dropsUnusedEntriesAndKeepsUsedOnes() {
    var small = stage.credentials(stage.background, 20);
    for (var tenant : Stage.tenants(500)) {
      Stage.as(ACME, small);
      Stage.as(tenant, small);
      assertTrue(small.size() <= 22, () -> "size " + small.size());
    }
    assertEquals(1, stage.sts.calls(ACME));
  }

  @Test
  void rejectsCredentialsThatWereIssuedForAnotherTenant() {
    CredentialVendor defective = (_, location) -> stage.sts.session(GLOBEX, location, 7);
    var issuing =
        new Vending(defective, stage.background, stage.clock, () -> 0.5, CredentialListener.NONE);
    var credentials = new TenantCredentials(issuing, stage::homeOf, 10);
    assertThrows(Refused.class, () -> Stage.as(ACME, credentials));
  }

  /** Simulates a defect behind the first check; no real component behaves like this. */
  @Test
  void rejectsCachedCredentialsOfAnotherTenant() {
    CredentialVendor changing =
        (tenant, location) -> {
          var real = stage.sts.session(tenant, location, 7);
          var session = Mockito.mock(TenantSession.class, AdditionalAnswers.delegatesTo(real));
          Mockito.doReturn(ACME, GLOBEX).when(session).tenant();
          return session;
        };
    var issuing =
        new Vending(changing, stage.background, stage.clock, () -> 0.5, CredentialListener.NONE);
    var credentials = new TenantCredentials(issuing, stage::homeOf, 10);
    var error = assertThrows(IllegalStateException.class, () -> Stage.as(ACME, credentials));
    assertEquals("the cached credentials belong to another tenant", error.getMessage());
  }

  @Test
  void rejectsCredentialsThatWereIssuedForAnotherLocation() {
    var elsewhere = new Home("orders", List.of("acme.0", "acme.1"));
    CredentialVendor defective = (tenant, _) -> stage.sts.session(tenant, elsewhere, 7);
    var issuing =
        new Vending(defective, stage.background, stage.clock, () -> 0.5, CredentialListener.NONE);
    var credentials = new TenantCredentials(issuing, stage::homeOf, 10);
    assertThrows(Refused.class, () -> Stage.as(ACME, credentials));
  }

  @Test
  void replacesCredentialsThatAwsRejectsUnlessTheyAreNew() {
    var old = stage.as(ACME);
    stage.clock.pass(Duration.ofSeconds(6));
    stage.distrust(ACME);
    var fresh = stage.as(ACME);
    assertNotEquals(old, fresh);
    stage.distrust(ACME);
    assertSame(fresh, stage.as(ACME), "new credentials are not replaced");
    assertEquals(List.of("issued acme", "invalidated acme", "issued acme"), stage.events.told);
  }

  @Test
  void reportsHits() {
    stage.as(ACME);
    stage.as(ACME);
    stage.as(ACME);
    assertEquals(2, stage.events.hits.get());
  }

  @Test
  void descriptionContainsNoSecret() {
    var session = stage.sts.session(ACME, stage.homeOf(ACME), 1);
    assertFalse(session.toString().contains("secret-1"));
    assertFalse(session.toString().contains("acme#1"));
  }
}
