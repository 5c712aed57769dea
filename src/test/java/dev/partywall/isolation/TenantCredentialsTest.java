package dev.partywall.isolation;

import static dev.partywall.isolation.CredentialsFixture.ACME;
import static dev.partywall.isolation.CredentialsFixture.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.TestExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

class TenantCredentialsTest {
  private final CredentialsFixture stage = new CredentialsFixture();

  @Test
  void failsWithoutABoundTenantAndWithoutCallingSts() {
    assertThrows(IllegalStateException.class, stage.credentials::resolveCredentials);
    assertThrows(IllegalStateException.class, stage.credentials::resolveIdentity);
    assertEquals(0, stage.sts.calls());
  }

  @Test
  void cachesCredentialsPerTenant() {
    var first = stage.resolveAs(ACME);
    assertEquals("acme#1", first.sessionToken());
    assertEquals("globex#2", stage.resolveAs(GLOBEX).sessionToken());
    assertSame(first, stage.resolveAs(ACME));
    assertEquals(2, stage.sts.calls());
    assertEquals(List.of("issued acme", "issued globex"), stage.events.recorded);
  }

  @Test
  void createsTheIdentityForTheSdkOnce() {
    var request = ResolveIdentityRequest.builder().build();
    var acme = new Tenant(ACME, "free");
    var first = TenantContext.call(acme, () -> stage.credentials.resolveIdentity(request));
    assertSame(first, TenantContext.call(acme, () -> stage.credentials.resolveIdentity(request)));
    assertSame(stage.resolveAs(ACME), first.join());
  }

  /** The placements are equal, so only the incarnation differs. */
  @Test
  void doesNotUseTheCredentialsOfAnEarlierIncarnation() {
    assertEquals("acme#1", resolveAs(1));
    assertEquals("acme#2", resolveAs(2));
    assertEquals("acme#2", resolveAs(2));
    assertEquals("acme#3", resolveAs(1), "the second incarnation's are not used for the first");
  }

  private String resolveAs(int incarnation) {
    var registered =
        new TenantRecord(
            ACME,
            "Acme",
            "free",
            TenantStatus.ACTIVE,
            new Placement.Pool(),
            Overrides.NONE,
            Set.of(),
            Instant.EPOCH,
            Instant.EPOCH,
            1,
            incarnation);
    return TenantContext.call(
        new Tenant(registered),
        () -> ((AwsSessionCredentials) stage.credentials.resolveCredentials()).sessionToken());
  }

  @Test
  void renewsInTheBackgroundWhileServingTheOldCredentials() {
    var old = stage.resolveAs(ACME);
    stage.background.paused = true;
    stage.clock.advance(Duration.ofMinutes(46));
    assertSame(old, stage.resolveAs(ACME));
    assertSame(old, stage.resolveAs(ACME));
    assertEquals(1, stage.background.queued(), "only one renewal is in flight");
    stage.background.runQueued();
    assertEquals("acme#2", stage.resolveAs(ACME).sessionToken());
    assertEquals(List.of("issued acme", "renewed acme"), stage.events.recorded);
  }

  @Test
  void doesNotRenewBeforeTheRenewalTime() {
    stage.resolveAs(ACME);
    stage.clock.advance(Duration.ofMinutes(34));
    stage.resolveAs(ACME);
    assertEquals(1, stage.sts.calls());
  }

  @Test
  void doesNotRenewForAnIdleTenant() {
    stage.resolveAs(ACME);
    stage.clock.advance(Duration.ofHours(3));
    assertEquals(1, stage.sts.calls());
    assertEquals("acme#2", stage.resolveAs(ACME).sessionToken());
  }

  @Test
  void servesCredentialsUntilTheirExpiryWhileStsIsUnavailable() {
    var old = stage.resolveAs(ACME);
    stage.sts.unavailable = true;
    stage.clock.advance(Duration.ofMinutes(59));
    assertSame(old, stage.resolveAs(ACME));
    stage.clock.advance(Duration.ofSeconds(30));
    assertFalse(stage.isServed(ACME));
  }

  @Test
  void reportsAProblemUntilStsHasIssuedCredentialsOnce() {
    stage.sts.unavailable = true;
    assertEquals(
        Optional.of("no tenant credentials could be issued: UNAVAILABLE, no response"),
        stage.credentials.problemAtStart());
    stage.sts.unavailable = false;
    assertEquals(Optional.empty(), stage.credentials.problemAtStart());
    assertEquals(2, stage.sts.calls());
    stage.sts.unavailable = true;
    assertEquals(Optional.empty(), stage.credentials.problemAtStart());
    assertEquals(2, stage.sts.calls());
  }

  @Test
  void servesATenantAtOnceAfterTheFirstSuccess() {
    stage.sts.unavailable = true;
    assertFalse(stage.isServed(ACME));
    stage.sts.unavailable = false;
    assertFalse(stage.isServed(ACME)); // within a second after the failure
    assertEquals(Optional.empty(), stage.credentials.problemAtStart());
    assertTrue(stage.isServed(ACME));
  }

  @Test
  void issuesInTheExecutionOfTheRequestAndRenewsInAnother() {
    var executions = new ArrayList<Optional<Execution>>();
    CredentialIssuer issuer =
        (tenant, location) -> {
          executions.add(Execution.current());
          return stage.sts.issue(tenant, location);
        };
    var renewal = TestExecution.create();
    var issuing =
        new CredentialIssuing(
            issuer,
            Execution.propagating(Runnable::run),
            () -> renewal,
            stage.clock,
            () -> 0.5,
            stage.events);
    var credentials = new TenantCredentials(issuing, tenant -> stage.locationOf(tenant.id()), 10);
    var request = TestExecution.create();
    request.run(() -> CredentialsFixture.resolveAs(ACME, credentials));
    stage.clock.advance(Duration.ofMinutes(46));
    request.run(() -> CredentialsFixture.resolveAs(ACME, credentials));
    assertEquals(List.of("issued acme", "renewed acme"), stage.events.recorded);
    assertEquals(List.of(Optional.of(request), Optional.of(renewal)), executions);
    assertEquals(Optional.of(new Tenant(ACME)), renewal.tenant());
  }

  @Test
  void renewsShortLivedCredentialsAfterHalfTheirLifetime() {
    stage.sts.lifetime = Duration.ofMinutes(15);
    stage.resolveAs(ACME);
    stage.clock.advance(Duration.ofMinutes(7));
    stage.resolveAs(ACME);
    assertEquals(1, stage.sts.calls());
    stage.clock.advance(Duration.ofMinutes(1));
    stage.resolveAs(ACME);
    assertEquals(2, stage.sts.calls());
  }

  @Test
  void treatsNewButExpiredCredentialsAsAFailure() {
    stage.sts.lifetime = Duration.ofSeconds(20);
    assertFalse(stage.isServed(ACME));
    assertFalse(stage.isServed(ACME));
    assertEquals(1, stage.sts.calls());
  }

  @Test
  void issuesNewCredentialsAfterAMove() {
    stage.resolveAs(ACME);
    stage.moved.put(ACME, new TenantLocation("orders.acme", List.of("acme")));
    assertEquals("acme#2", stage.resolveAs(ACME).sessionToken());
    assertEquals("acme#2", stage.resolveAs(ACME).sessionToken());
  }

  @Test
  void dropsUnusedEntriesAndKeepsUsedOnes() {
    var small = stage.credentials(stage.background, 20);
    for (var tenant : CredentialsFixture.tenants(500)) {
      CredentialsFixture.resolveAs(ACME, small);
      CredentialsFixture.resolveAs(tenant, small);
    }
    assertEquals(1, stage.sts.calls(ACME));
    // At most 20 entries are kept, so those before the last 20 tenants were dropped.
    var dropped = new TenantId("t" + (500 - 21));
    CredentialsFixture.resolveAs(dropped, small);
    assertEquals(2, stage.sts.calls(dropped));
  }

  @Test
  void rejectsCredentialsThatWereIssuedForAnotherTenant() {
    CredentialIssuer defective = (_, location) -> stage.sts.session(GLOBEX, location, 7);
    var issuing = CredentialsFixture.issuing(defective, stage.background, stage.clock);
    var credentials = new TenantCredentials(issuing, tenant -> stage.locationOf(tenant.id()), 10);
    assertThrows(ApiException.class, () -> CredentialsFixture.resolveAs(ACME, credentials));
  }

  /** Simulates a defect behind the first check; no real component behaves like this. */
  @Test
  void rejectsCachedCredentialsOfAnotherTenant() {
    CredentialIssuer changing =
        (tenant, location) -> {
          var real = stage.sts.session(tenant, location, 7);
          var session = Mockito.mock(TenantSession.class, AdditionalAnswers.delegatesTo(real));
          Mockito.doReturn(ACME, GLOBEX).when(session).tenant();
          return session;
        };
    var issuing = CredentialsFixture.issuing(changing, stage.background, stage.clock);
    var credentials = new TenantCredentials(issuing, tenant -> stage.locationOf(tenant.id()), 10);
    var error =
        assertThrows(
            IllegalStateException.class, () -> CredentialsFixture.resolveAs(ACME, credentials));
    assertEquals("the cached credentials belong to another tenant", error.getMessage());
  }

  @Test
  void rejectsCredentialsThatWereIssuedForAnotherLocation() {
    var elsewhere = new TenantLocation("orders", List.of("acme.0", "acme.1"));
    CredentialIssuer defective = (tenant, _) -> stage.sts.session(tenant, elsewhere, 7);
    var issuing = CredentialsFixture.issuing(defective, stage.background, stage.clock);
    var credentials = new TenantCredentials(issuing, tenant -> stage.locationOf(tenant.id()), 10);
    assertThrows(ApiException.class, () -> CredentialsFixture.resolveAs(ACME, credentials));
  }

  @Test
  void replacesCredentialsThatAwsRejectsUnlessTheyAreNew() {
    var old = stage.resolveAs(ACME);
    stage.clock.advance(Duration.ofSeconds(6));
    stage.invalidate(ACME);
    var fresh = stage.resolveAs(ACME);
    assertNotEquals(old, fresh);
    stage.invalidate(ACME);
    assertSame(fresh, stage.resolveAs(ACME), "new credentials are not replaced");
    assertEquals(List.of("issued acme", "invalidated acme", "issued acme"), stage.events.recorded);
  }

  @Test
  void reportsHits() {
    stage.resolveAs(ACME);
    stage.resolveAs(ACME);
    stage.resolveAs(ACME);
    assertEquals(2, stage.events.hits.get());
  }

  @Test
  void descriptionContainsNoSecret() {
    var session = stage.sts.session(ACME, stage.locationOf(ACME), 1);
    assertFalse(session.toString().contains("secret-1"));
    assertFalse(session.toString().contains("acme#1"));
  }
}
