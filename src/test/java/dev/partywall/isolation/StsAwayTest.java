package dev.partywall.isolation;

import static dev.partywall.isolation.Stage.ACME;
import static dev.partywall.isolation.Stage.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** STS goes away and comes back, under load, by a clock that the test moves. */
class StsAwayTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Stage stage = new Stage();
  private final List<TenantId> known = Stage.tenants(100);
  private final List<Integer> callsEachSecond = new ArrayList<>();

  /** Every known tenant asks once a second. */
  private void load(Duration time) {
    for (var left = time; left.isPositive(); left = left.minus(SECOND)) {
      var before = stage.sts.calls();
      for (var tenant : known) {
        assertTrue(stage.serves(tenant), () -> tenant + " is not served");
      }
      callsEachSecond.add(stage.sts.calls() - before);
      stage.clock.pass(SECOND);
    }
  }

  private int mostCallsInASecond() {
    return callsEachSecond.stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  @Test
  void knownTenantsNoticeNothingOfTenMinutesWhenevertheyStart() {
    load(Duration.ofMinutes(34));
    // The worst that can happen: away just when all of them are about to be renewed.
    stage.sts.away = true;
    load(Duration.ofMinutes(10));
    stage.sts.away = false;
    load(Duration.ofMinutes(75));
  }

  @Test
  void knownTenantsNoticeNothingWhenTheRenewalsAreLate() {
    load(Duration.ofMinutes(45));
    stage.sts.away = true;
    load(Duration.ofMinutes(10));
  }

  @Test
  void whileItIsAwayEachTenantAsksOnceOrTwiceAMinute() {
    load(Duration.ofMinutes(36));
    stage.sts.away = true;
    load(Duration.ofMinutes(8));
    var before = stage.sts.calls();
    load(Duration.ofMinutes(1));
    var calls = stage.sts.calls() - before;
    assertTrue(calls <= 2 * known.size(), () -> calls + " calls in a minute");
  }

  @Test
  void afterItIsBackEachKnownTenantAsksOnceAndNotAllAtOnce() {
    load(Duration.ofMinutes(34));
    stage.sts.away = true;
    load(Duration.ofMinutes(14));
    stage.sts.away = false;
    var before = stage.sts.calls();
    callsEachSecond.clear();
    load(Duration.ofMinutes(2));
    assertEquals(known.size(), stage.sts.calls() - before);
    assertTrue(mostCallsInASecond() <= 12, () -> mostCallsInASecond() + " calls in a second");
  }

  /** They were quiet until all of them were due, and so failed for the first time at one moment. */
  @Test
  void tenantsWhoseRenewalsFailedTogetherDoNotComeBackTogether() {
    load(SECOND);
    stage.clock.pass(Duration.ofMinutes(46));
    stage.sts.away = true;
    load(Duration.ofMinutes(8));
    stage.sts.away = false;
    callsEachSecond.clear();
    load(Duration.ofMinutes(2));
    assertTrue(mostCallsInASecond() <= 12, () -> mostCallsInASecond() + " calls in a second");
  }

  @Test
  void renewalsOfTenantsThatCameTogetherAreSpread() {
    load(SECOND);
    callsEachSecond.clear();
    load(Duration.ofMinutes(50));
    assertEquals(known.size(), callsEachSecond.stream().mapToInt(Integer::intValue).sum());
    assertTrue(mostCallsInASecond() <= 5, () -> mostCallsInASecond() + " calls in a second");
    assertTrue(callsEachSecond.stream().filter(calls -> calls > 0).count() > 50);
  }

  @Test
  void aNewTenantIsRefusedAtOnceAndStsIsAskedOnceASecondForItHoweverManyAsk() {
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
  void aNewTenantIsServedASecondAfterItIsBack() {
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
  void oneTenantsFailureIsNoOthers() {
    stage.sts.failFor(ACME);
    assertFalse(stage.serves(ACME));
    assertTrue(stage.serves(GLOBEX));
    stage.sts.mend(ACME);
    stage.clock.pass(SECOND);
    assertTrue(stage.serves(ACME));
    assertEquals(
        List.of("not vended acme: AWAY", "vended globex", "vended acme"), stage.events.told);
  }

  @Test
  void aClockThatIsSetBackMakesNoPauseLonger() {
    stage.sts.away = true;
    assertFalse(stage.serves(ACME));
    stage.sts.away = false;
    stage.clock.pass(Duration.ofHours(-1));
    assertTrue(stage.serves(ACME));
  }
}
