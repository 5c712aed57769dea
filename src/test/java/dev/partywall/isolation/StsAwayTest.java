package dev.partywall.isolation;

import static dev.partywall.isolation.Stage.ACME;
import static dev.partywall.isolation.Stage.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.isolation.VendingFailed.Reason;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** STS becomes unavailable and recovers, under load, on a manual clock. */
class StsAwayTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Stage stage = new Stage();
  private final List<TenantId> known = Stage.tenants(100);
  private final List<Integer> callsPerSecond = new ArrayList<>();

  /** Every known tenant sends one request per second. */
  private void load(Duration period) {
    for (var left = period; left.isPositive(); left = left.minus(SECOND)) {
      var before = stage.sts.calls();
      for (var tenant : known) {
        assertTrue(stage.serves(tenant), () -> tenant + " is not served");
      }
      callsPerSecond.add(stage.sts.calls() - before);
      stage.clock.pass(SECOND);
    }
  }

  private int maxCallsPerSecond() {
    return callsPerSecond.stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  @Test
  void servesKnownTenantsDuringAnOutageOfTenMinutes() {
    load(Duration.ofMinutes(34));
    // The worst case: STS becomes unavailable just before all renewals are due.
    stage.sts.away = true;
    load(Duration.ofMinutes(10));
    stage.sts.away = false;
    load(Duration.ofMinutes(75));
  }

  @Test
  void servesKnownTenantsDuringAnOutageWhenRenewalsAreLate() {
    load(Duration.ofMinutes(45));
    stage.sts.away = true;
    load(Duration.ofMinutes(10));
  }

  @Test
  void callsStsAtMostTwicePerMinuteAndTenantDuringAnOutage() {
    load(Duration.ofMinutes(36));
    stage.sts.away = true;
    load(Duration.ofMinutes(8));
    var before = stage.sts.calls();
    load(Duration.ofMinutes(1));
    var calls = stage.sts.calls() - before;
    assertTrue(calls <= 2 * known.size(), () -> calls + " calls in a minute");
  }

  @Test
  void callsStsOncePerKnownTenantAfterRecoveryAndSpreadsTheCalls() {
    load(Duration.ofMinutes(34));
    stage.sts.away = true;
    load(Duration.ofMinutes(14));
    stage.sts.away = false;
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
    stage.clock.pass(Duration.ofMinutes(46));
    stage.sts.away = true;
    load(Duration.ofMinutes(8));
    stage.sts.away = false;
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
    stage.sts.away = true;
    for (int i = 0; i < 1_000; i++) {
      assertFalse(stage.serves(ACME));
    }
    assertEquals(1, stage.sts.calls());
    stage.clock.pass(SECOND);
    assertFalse(stage.serves(ACME));
    assertEquals(2, stage.sts.calls());
  }

  @Test
  void servesANewTenantWithinASecondAfterRecovery() {
    stage.sts.away = true;
    for (int i = 0; i < 600; i++) {
      assertFalse(stage.serves(ACME));
      stage.clock.pass(SECOND);
    }
    stage.sts.away = false;
    assertTrue(stage.serves(ACME));
    assertEquals(601, stage.sts.calls());
  }

  @Test
  void failureOfOneTenantDoesNotAffectOthers() {
    stage.sts.failFor(ACME);
    assertFalse(stage.serves(ACME));
    assertTrue(stage.serves(GLOBEX));
    stage.sts.mend(ACME);
    stage.clock.pass(SECOND);
    assertTrue(stage.serves(ACME));
    assertEquals(
        List.of("not issued acme: " + Reason.AWAY, "issued globex", "issued acme"),
        stage.events.told);
  }

  @Test
  void clockThatIsSetBackDoesNotExtendTheDelay() {
    stage.sts.away = true;
    assertFalse(stage.serves(ACME));
    stage.sts.away = false;
    stage.clock.pass(Duration.ofHours(-1));
    assertTrue(stage.serves(ACME));
  }
}
