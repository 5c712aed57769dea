package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.Limits.Rate;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final long MS = 1_000_000L;
  private static final RateLimiter TEN_PER_SECOND = RateLimiter.of(new Rate(10, 20), 1);

  private long now = Long.MAX_VALUE - 3; // nanoTime may overflow
  private long fullAt = now;

  private int take(RateLimiter limiter, int attempts) {
    var permitted = 0;
    for (var i = 0; i < attempts; i++) {
      if (limiter.permits(fullAt, now)) {
        fullAt = limiter.afterRequest(fullAt, now);
        permitted++;
      }
    }
    return permitted;
  }

  @Test
  void permitsABurstAndThenTheRate() {
    assertEquals(20, take(TEN_PER_SECOND, 30));

    now += 100 * MS - 1;
    assertEquals(0, take(TEN_PER_SECOND, 1));
    now++;
    assertEquals(1, take(TEN_PER_SECOND, 2));
    now += 1_000 * MS;
    assertEquals(10, take(TEN_PER_SECOND, 20));
  }

  @Test
  void savesNoMoreThanABurst() {
    take(TEN_PER_SECOND, 5);
    now += 3_600_000 * MS;
    assertEquals(20, take(TEN_PER_SECOND, 30));
  }

  @Test
  void returnsTheRemainingRequestsAndTheTimeToTheNext() {
    assertEquals(20, TEN_PER_SECOND.remaining(fullAt, now));
    assertEquals(0, TEN_PER_SECOND.nanosToNext(fullAt, now));

    take(TEN_PER_SECOND, 20);
    now += 30 * MS;
    assertEquals(0, TEN_PER_SECOND.remaining(fullAt, now));
    assertEquals(70 * MS, TEN_PER_SECOND.nanosToNext(fullAt, now));

    now += 200 * MS;
    assertEquals(2, TEN_PER_SECOND.remaining(fullAt, now));
    assertEquals(70 * MS, TEN_PER_SECOND.nanosToNext(fullAt, now));
  }

  @Test
  void isFullWhenTheTimeOfAllRequestsHasPassed() {
    take(TEN_PER_SECOND, 3);
    assertFalse(RateLimiter.isFull(fullAt, now + 300 * MS - 1));
    assertTrue(RateLimiter.isFull(fullAt, now + 300 * MS));
  }

  /** An interval of a third of a second has no exact number of nanoseconds. */
  @Test
  void neverPermitsMoreThanTheRate() {
    var limiter = RateLimiter.of(new Rate(3, 3), 1);
    assertEquals(3, take(limiter, 3));
    now += 1_000 * MS;
    assertEquals(2, take(limiter, 5));
    now += 2;
    assertEquals(1, take(limiter, 5));
  }

  @Test
  void aShareOfTheRatePermitsThatShareOfTheBurst() {
    var quarter = RateLimiter.of(new Rate(10, 20), 0.25);
    assertEquals(5, take(quarter, 10));
    now += 400 * MS;
    assertEquals(1, take(quarter, 10));
  }

  @Test
  void theSmallestSharePermitsOneRequest() {
    var share = RateLimiter.of(new Rate(10, 1), 0.125);
    assertEquals(1, take(share, 10));
    now += 800 * MS - 1;
    assertEquals(0, take(share, 10));
    now++;
    assertEquals(1, take(share, 10));
  }

  @Test
  void aChangeOfTheRateKeepsTheUsedPartOfTheCapacity() {
    var larger = RateLimiter.of(new Rate(10, 200), 1);
    take(TEN_PER_SECOND, 20);
    fullAt = TEN_PER_SECOND.changed(fullAt, now, larger);
    assertEquals(0, take(larger, 1), "an empty bucket stays empty");

    now += 10_000 * MS;
    assertEquals(100, larger.remaining(fullAt, now));
    fullAt = larger.changed(fullAt, now, TEN_PER_SECOND);
    assertEquals(10, take(TEN_PER_SECOND, 20), "a half full bucket stays half full");

    now += 2_000 * MS;
    fullAt = TEN_PER_SECOND.changed(fullAt, now, larger);
    assertEquals(200, take(larger, 300), "a full bucket stays full");
  }
}
