package dev.partywall.isolation;

import static dev.partywall.isolation.CredentialsFixture.ACME;
import static dev.partywall.isolation.CredentialsFixture.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.isolation.IssuingFailedException.FailureReason;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** STS becomes unavailable and recovers, under load, on a manual clock. */
class StsUnavailableTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final CredentialsFixture stage = new CredentialsFixture();
  private final List<TenantId> known = CredentialsFixture.tenants(100);
  private final List<Integer> callsPerSecond = new ArrayList<>();

  /** Every known tenant sends one request per second. */
  private void load(Duration period) {
    for (var left = period; left.isPositive(); left = left.minus(SECOND)) {
      var before = stage.sts.calls();
      for (var tenant : known) {
        assertTrue(stage.isServed(tenant), () -> tenant + " is not served");
      }
      callsPerSecond.add(stage.sts.calls() - before);
      stage.clock.advance(SECOND);
    }
  }

  private int maxCallsPerSecond() {
    return callsPerSecond.stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  @Test
  void servesKnownTenantsDuringAnOutageOfTenMinutes() {
    load(Duration.ofMinutes(34));
    // The worst case: STS becomes unavailable just before all renewals are due.
    stage.sts.unavailable = true;
    load(Duration.ofMinutes(10));
    stage.sts.unavailable = false;
    load(Duration.ofMinutes(75));
  }

  @Test
  void servesKnownTenantsDuringAnOutageWhenRenewalsAreLate() {
    load(Duration.ofMinutes(45));
    stage.sts.unavailable = true;
    load(Duration.ofMinutes(10));
  }

  @Test
  void callsStsAtMostTwicePerMinuteAndTenantDuringAnOutage() {
    load(Duration.ofMinutes(36));
    stage.sts.unavailable = true;
    load(Duration.ofMinutes(8));
    var before = stage.sts.calls();
    load(Duration.ofMinutes(1));
    var calls = stage.sts.calls() - before;
    assertTrue(calls <= 2 * known.size(), () -> calls + " calls in a minute");
  }

  @Test
  void callsStsOncePerKnownTenantAfterRecoveryAndSpreadsTheCalls() {
    load(Duration.ofMinutes(34));
    stage.sts.unavailable = true;
    load(Duration.ofMinutes(14));
    stage.sts.unavailable = false;
    var before = stage.sts.calls();
    callsPerSecond.clear();
    load(Duration.ofMinutes(2));
    assertEquals(known.size(), stage.sts.calls() - before);
    assertTrue(maxCallsPerSecond() <= 12, () -> maxCallsPerSecond() + " calls in a second");
  }

  /** All tenants are idle until their renewals are due, so all fail first at the same moment. */
  @Test
  void spreadsRenewalsThatFailedTogether() {
    load(SECOND);
    stage.clock.advance(Duration.ofMinutes(46));
    stage.sts.unavailable = true;
    load(Duration.ofMinutes(8));
    stage.sts.unavailable = false;
    callsPerSecond.clear();
    load(Duration.ofMinutes(2));
    assertTrue(maxCallsPerSecond() <= 12, () -> maxCallsPerSecond() + " calls in a second");
  }

  @Test
  void spreadsRenewalsOfTenantsThatStartedTogether() {
    load(SECOND);
    callsPerSecond.clear();
    load(Duration.ofMinutes(50));
    assertEquals(known.size(), callsPerSecond.stream().mapToInt(Integer::intValue).sum());
    assertTrue(maxCallsPerSecond() <= 5, () -> maxCallsPerSecond() + " calls in a second");
    assertTrue(callsPerSecond.stream().filter(calls -> calls > 0).count() > 50);
  }

  @Test
  void rejectsNewTenantsImmediatelyAndCallsStsOncePerSecondForEach() {
    stage.sts.unavailable = true;
    for (int i = 0; i < 1_000; i++) {
      assertFalse(stage.isServed(ACME));
    }
    assertEquals(1, stage.sts.calls());
    stage.clock.advance(SECOND);
    assertFalse(stage.isServed(ACME));
    assertEquals(2, stage.sts.calls());
  }

  @Test
  void servesANewTenantWithinASecondAfterRecovery() {
    stage.sts.unavailable = true;
    for (int i = 0; i < 600; i++) {
      assertFalse(stage.isServed(ACME));
      stage.clock.advance(SECOND);
    }
    stage.sts.unavailable = false;
    assertTrue(stage.isServed(ACME));
    assertEquals(601, stage.sts.calls());
  }

  @Test
  void failureOfOneTenantDoesNotAffectOthers() {
    stage.sts.failFor(ACME);
    assertFalse(stage.isServed(ACME));
    assertTrue(stage.isServed(GLOBEX));
    stage.sts.recover(ACME);
    stage.clock.advance(SECOND);
    assertTrue(stage.isServed(ACME));
    assertEquals(
        List.of("not issued acme: " + FailureReason.UNAVAILABLE, "issued globex", "issued acme"),
        stage.events.recorded);
  }

  @Test
  void clockThatIsSetBackDoesNotExtendTheDelay() {
    stage.sts.unavailable = true;
    assertFalse(stage.isServed(ACME));
    stage.sts.unavailable = false;
    stage.clock.advance(Duration.ofHours(-1));
    assertTrue(stage.isServed(ACME));
  }
}
