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
  void unboundThereAreNoneAndStsIsNotAsked() {
    assertThrows(IllegalStateException.class, stage.credentials::resolveCredentials);
    assertThrows(IllegalStateException.class, stage.credentials::resolveIdentity);
    assertEquals(0, stage.sts.calls());
  }

  @Test
  void eachTenantGetsItsOwnAndKeepsThem() {
    var acmes = stage.as(ACME);
    assertEquals("acme#1", acmes.sessionToken());
    assertEquals("globex#2", stage.as(GLOBEX).sessionToken());
    assertSame(acmes, stage.as(ACME));
    assertEquals(2, stage.sts.calls());
    assertEquals(List.of("vended acme", "vended globex"), stage.events.told);
  }

  @Test
  void theSdksFormOfThemIsMadeOnce() {
    var request = ResolveIdentityRequest.builder().build();
    var acme = new Tenant(ACME, "free");
    var first = TenantContext.call(acme, () -> stage.credentials.resolveIdentity(request));
    assertSame(first, TenantContext.call(acme, () -> stage.credentials.resolveIdentity(request)));
    assertSame(stage.as(ACME), first.join());
  }

  @Test
  void theyAreReplacedInTheBackgroundWhileTheOldOnesAreServed() {
    var old = stage.as(ACME);
    stage.background.held = true;
    stage.clock.pass(Duration.ofMinutes(46));
    assertSame(old, stage.as(ACME));
    assertSame(old, stage.as(ACME));
    assertEquals(1, stage.background.waiting(), "one renewal in flight, however many ask");
    stage.background.catchUp();
    assertEquals("acme#2", stage.as(ACME).sessionToken());
    assertEquals(List.of("vended acme", "renewed acme"), stage.events.told);
  }

  @Test
  void theyAreNotReplacedEarlierThanNeeded() {
    stage.as(ACME);
    stage.clock.pass(Duration.ofMinutes(34));
    stage.as(ACME);
    assertEquals(1, stage.sts.calls());
  }

  @Test
  void aQuietTenantIsNotRenewedForAndWaitsForOneCallWhenItIsBack() {
    stage.as(ACME);
    stage.clock.pass(Duration.ofHours(3));
    assertEquals(1, stage.sts.calls());
    assertEquals("acme#2", stage.as(ACME).sessionToken());
  }

  @Test
  void theyAreServedToTheirEndWhileStsIsAwayAndNotBeyond() {
    var old = stage.as(ACME);
    stage.sts.away = true;
    stage.clock.pass(Duration.ofMinutes(59));
    assertSame(old, stage.as(ACME));
    stage.clock.pass(Duration.ofSeconds(30));
    assertFalse(stage.serves(ACME));
  }

  @Test
  void shortLivedOnesAreReplacedAtHalfTimeAndNotAllTheTime() {
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
  void thoseThatAreOverOnArrivalAreAFailure() {
    stage.sts.life = Duration.ofSeconds(20);
    assertFalse(stage.serves(ACME));
    assertFalse(stage.serves(ACME));
    assertEquals(1, stage.sts.calls());
  }

  @Test
  void aTenantThatHasMovedGetsNewOnesForItsNewHome() {
    stage.as(ACME);
    stage.moved.put(ACME, new Home("orders.acme", List.of("acme")));
    assertEquals("acme#2", stage.as(ACME).sessionToken());
    assertEquals("acme#2", stage.as(ACME).sessionToken());
    assertEquals(1, stage.credentials.size());
  }

  @Test
  void aTenantThatIsGoneHasNone() {
    stage.as(ACME);
    stage.as(GLOBEX);
    stage.credentials.forget(ACME);
    assertEquals(1, stage.credentials.size());
    assertEquals("acme#3", stage.as(ACME).sessionToken());
    assertEquals("globex#2", stage.as(GLOBEX).sessionToken());
  }

  @Test
  void aTenantThatIsGoneHasNoneAlsoWhereItWasNotHereLately() {
    var few = stage.credentials(stage.background, 2);
    Stage.as(ACME, few);
    Stage.as(GLOBEX, few);
    few.forget(ACME);
    assertEquals(1, few.size());
  }

  @Test
  void whatIsNotUsedIsDroppedAndWhatIsUsedStays() {
    var few = stage.credentials(stage.background, 20);
    for (var tenant : Stage.tenants(500)) {
      Stage.as(ACME, few);
      Stage.as(tenant, few);
      assertTrue(few.size() <= 22, () -> "holds " + few.size());
    }
    assertEquals(1, stage.sts.calls(ACME));
  }

  @Test
  void credentialsOfAnotherTenantAreNeverHandedOut() {
    CredentialVendor mixedUp = (_, home) -> stage.sts.session(GLOBEX, home, 7);
    var vending =
        new Vending(mixedUp, stage.background, stage.clock, () -> 0.5, CredentialListener.NONE);
    var credentials = new TenantCredentials(vending, stage::homeOf, 10);
    assertThrows(Refused.class, () -> Stage.as(ACME, credentials));
  }

  /** No real part does this: it stands for whatever may go wrong behind the first look. */
  @Test
  void credentialsThatTurnOutToBeAnotherTenantsAreNotHandedOutEither() {
    CredentialVendor changing =
        (tenant, home) -> {
          var real = stage.sts.session(tenant, home, 7);
          var session = Mockito.mock(TenantSession.class, AdditionalAnswers.delegatesTo(real));
          Mockito.doReturn(ACME, GLOBEX).when(session).tenant();
          return session;
        };
    var vending =
        new Vending(changing, stage.background, stage.clock, () -> 0.5, CredentialListener.NONE);
    var credentials = new TenantCredentials(vending, stage::homeOf, 10);
    var error = assertThrows(IllegalStateException.class, () -> Stage.as(ACME, credentials));
    assertEquals("credentials of another tenant", error.getMessage());
  }

  @Test
  void credentialsOfAnotherHomeAreNeverHandedOut() {
    var elsewhere = new Home("orders", List.of("acme.0", "acme.1"));
    CredentialVendor mixedUp = (tenant, _) -> stage.sts.session(tenant, elsewhere, 7);
    var vending =
        new Vending(mixedUp, stage.background, stage.clock, () -> 0.5, CredentialListener.NONE);
    var credentials = new TenantCredentials(vending, stage::homeOf, 10);
    assertThrows(Refused.class, () -> Stage.as(ACME, credentials));
  }

  @Test
  void thoseThatAwsDoesNotTakeAreReplacedUnlessTheyAreNew() {
    var old = stage.as(ACME);
    stage.clock.pass(Duration.ofSeconds(6));
    stage.distrust(ACME);
    var fresh = stage.as(ACME);
    assertNotEquals(old, fresh);
    stage.distrust(ACME);
    assertSame(fresh, stage.as(ACME), "a newer one would fare no better");
    assertEquals(List.of("vended acme", "distrusted acme", "vended acme"), stage.events.told);
  }

  @Test
  void hitsAreTold() {
    stage.as(ACME);
    stage.as(ACME);
    stage.as(ACME);
    assertEquals(2, stage.events.hits.get());
  }

  @Test
  void aSecretIsInNoDescription() {
    var session = stage.sts.session(ACME, stage.homeOf(ACME), 1);
    assertFalse(session.toString().contains("secret-1"));
    assertFalse(session.toString().contains("acme#1"));
  }
}
