package dev.partywall.operations.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OperationPaceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final AtomicLong nanoClock = new AtomicLong();
  private final OperationPace pace = new OperationPace(100, nanoClock::get);

  /** Returns the delay in milliseconds, rounded to the nearest. */
  private long delayMillis() {
    return Math.round(pace.delayNanos() / 1e6);
  }

  @Test
  void theUnitsOfASecondAreAvailableAtOnce() {
    pace.consumed(100);
    assertEquals(0, delayMillis());
  }

  @Test
  void furtherCallsWaitUntilTheConsumedUnitsArePaidFor() {
    pace.consumed(150);
    assertEquals(500, delayMillis());
    nanoClock.addAndGet(SECOND / 4);
    assertEquals(250, delayMillis());
    nanoClock.addAndGet(SECOND / 4);
    assertEquals(0, delayMillis());
  }

  @Test
  void anIdleTimeSavesAtMostTheUnitsOfASecond() {
    nanoClock.addAndGet(60 * SECOND);
    pace.consumed(200);
    assertEquals(1_000, delayMillis());
  }

  @Test
  void throttlingPausesAndHalvesTheRateWhichRisesAgain() {
    pace.throttled();
    assertEquals(500, delayMillis());
    nanoClock.addAndGet(SECOND / 2);
    assertTrue(delayMillis() <= 1);
    nanoClock.addAndGet(5 * SECOND); // the rate is 100 units/s again
    pace.consumed(200);
    assertEquals(1_000, delayMillis());
  }

  @Test
  void theRateIsHalfAfterThrottling() {
    pace.throttled();
    nanoClock.addAndGet(SECOND / 2);
    pace.consumed(55); // the rate has risen from 50 to 55 units/s
    assertTrue(Math.abs(delayMillis() - 1_000) <= 20, () -> delayMillis() + " ms");
  }

  @Test
  void theRateIsNeverBelowATenth() {
    for (var i = 0; i < 20; i++) {
      pace.throttled();
    }
    nanoClock.addAndGet(SECOND / 2);
    pace.consumed(60); // six seconds at 10 units/s, in which the rate rises
    assertTrue(delayMillis() <= 6_000, () -> delayMillis() + " ms");
    assertTrue(delayMillis() > 3_000, () -> delayMillis() + " ms");
  }
}
