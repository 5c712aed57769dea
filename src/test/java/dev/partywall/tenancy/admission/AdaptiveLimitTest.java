package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  private static final long MS = 1_000_000L;
  private static final int MIN = 16;
  private static final int MAX = 512;

  private long now = Long.MAX_VALUE - 1_000 * MS; // nanoTime may overflow
  private final AdaptiveLimit limit = new AdaptiveLimit(MIN, MAX, now);

  /** Passes one window, in which requests wait. */
  private int window(double latencyMs) {
    limit.started(limit.value());
    limit.waiting();
    return endRequests(limit.value(), latencyMs);
  }

  /** Passes one window, in which no request waits. */
  private int windowWithoutWaiting(int inFlight) {
    limit.started(inFlight);
    return endRequests(Math.max(MIN, inFlight), 10);
  }

  /** The last request ends when the window is over. */
  private int endRequests(int count, double latencyMs) {
    var latency = (long) (latencyMs * MS);
    for (var i = 1; i < count; i++) {
      limit.ended(latency, now + latency);
    }
    now += latency + 250 * MS;
    limit.ended(latency, now);
    return limit.value();
  }

  /** Passes windows in which the latency depends on the limit. Returns the limits. */
  private List<Integer> windows(int count, IntToDoubleFunction latencyMs) {
    var limits = new ArrayList<Integer>();
    for (var i = 0; i < count; i++) {
      limits.add(window(latencyMs.applyAsDouble(limit.value())));
    }
    return limits;
  }

  @Test
  void increasesWhileTheLatencyStaysTheSame() {
    assertEquals(List.of(22, 31, 43, 60, 84), windows(5, _ -> 10));
    assertEquals(MAX, windows(10, _ -> 10).getLast());
  }

  @Test
  void increasesAtAnyLatencyThatDoesNotFollowIt() {
    assertEquals(List.of(22, 31, 43), windows(3, _ -> 240));
    assertEquals(List.of(86, 172, 344), windows(3, _ -> 251));
  }

  /**
   * Each request is replaced when it ends, as with waiting clients. Returns the time in seconds.
   */
  private double secondsUntil(int target, long latencyNanos) {
    var start = now;
    var starts = new ArrayDeque<Long>();
    while (limit.value() < target) {
      while (starts.size() < limit.value()) {
        starts.add(now);
        limit.started(starts.size());
      }
      limit.waiting();
      now = starts.remove() + latencyNanos;
      limit.ended(latencyNanos, now);
    }
    return (now - start) / 1e9;
  }

  /** A window takes as long as a response. Steps of 1.4 would take 15 s. */
  @Test
  void risesWithinSecondsWhileABackendIsSlow() {
    var seconds = secondsUntil(256, 1_500 * MS);
    assertTrue(seconds < 10, () -> seconds + " s");
  }

  @Test
  void decreasesWhileTheLatencyIsProportionalToIt() {
    windows(20, _ -> 10);
    assertEquals(MAX, limit.value());
    var limits = windows(40, inFlight -> Math.max(10, inFlight / 4.0));
    assertTrue(limits.getLast() < 80, limits::toString);
  }

  /** The latency rises above 40 requests in flight, as if the backend could serve no more. */
  @Test
  void staysNearTheCapacityOfABackendForHours() {
    IntToDoubleFunction latency = inFlight -> 10 * Math.max(1, inFlight / 40.0);
    windows(20, latency);
    for (var i = 0; i < 4 * 3_600 * 4; i++) {
      var value = window(latency.applyAsDouble(limit.value()));
      assertTrue(value >= 30 && value <= 60, () -> "limit " + value);
    }
  }

  @Test
  void followsABackendThatGetsCapacityAgain() {
    windows(100, inFlight -> inFlight / 4.0);
    assertTrue(limit.value() <= 22, () -> "limit " + limit.value());
    assertEquals(MAX, windows(20, _ -> 5).getLast());
  }

  @Test
  void anIncreaseWithAModerateEffectIsTakenBackForASecond() {
    windows(2, _ -> 10); // 22, 31
    assertEquals(22, window(12.5)); // (31/22)^0.65 = 1.25
    assertEquals(List.of(22, 22, 22, 31), windows(4, _ -> 10));
  }

  /** Four windows would be 5 s. */
  @Test
  void anIncreaseIsTriedAgainAfterASecondAlthoughWindowsAreLonger() {
    window(1_000); // 32
    assertEquals(MIN, window(1_600)); // (32/16)^0.68 = 1.6
    assertEquals(32, window(1_600));
  }

  /** With free capacity, a decrease reduces the throughput for a window. */
  @Test
  void aDecreaseIsTriedAfterFourWindowsAlthoughTheyAreLonger() {
    windows(6, _ -> 1_000);
    assertEquals(List.of(MAX, MAX, MAX, 256, MAX), windows(5, _ -> 1_000));
  }

  @Test
  void aDecreaseWithAModerateEffectIsTakenBack() {
    windows(20, _ -> 10);
    for (var i = 0; limit.value() == MAX; i++) { // at the maximum, the first step is a decrease
      assertTrue(i < 5);
      window(10);
    }
    assertEquals(366, limit.value());
    assertEquals(MAX, window(8)); // (366/512)^0.66 = 0.8
  }

  @Test
  void doesNotChangeIfNoRequestWaitsAndFewAreInFlight() {
    for (var i = 0; i < 20; i++) {
      assertEquals(MIN, windowWithoutWaiting(MIN));
    }
    windows(5, _ -> 10); // 84
    for (var i = 0; i < 20; i++) {
      assertEquals(84, windowWithoutWaiting(MIN));
    }
  }

  /** Reaches the maximum, and then has 200 requests in flight, until the first decrease. */
  private void decreaseFrom200() {
    windows(20, _ -> 10);
    for (var i = 0; limit.value() > 200; i++) {
      assertTrue(i < 6);
      windowWithoutWaiting(200);
    }
    assertEquals(143, limit.value());
  }

  /** A limit from better times would be reached too late. */
  @Test
  void decreasesBelowTheRequestsInFlightThatAreAQueueAlthoughNoneWaits() {
    decreaseFrom200();
    assertEquals(102, window(10 / 1.4));
    assertEquals(73, window(10 / 1.4 / 1.4));
  }

  @Test
  void aDecreaseBelowTheRequestsInFlightIsTakenBackWithFreeCapacity() {
    decreaseFrom200();
    assertEquals(200, window(10));
  }

  @Test
  void aStepIsNotJudgedIfNoRequestWaits() {
    window(10); // 22
    assertEquals(22, windowWithoutWaiting(20));
    assertEquals(List.of(22, 22, 31), windows(3, _ -> 100));
  }

  @Test
  void requestsThatStartedBeforeTheWindowAreNotCounted() {
    window(10); // 22
    now += 250 * MS;
    limit.waiting();
    for (var i = 0; i < 100; i++) {
      limit.ended(251 * MS, now);
    }
    assertEquals(22, limit.value());
    assertEquals(31, window(10));
  }

  /** The first requests to end are the short ones. */
  @Test
  void waitsForAsManyRequestsAsWereInFlight() {
    windows(2, _ -> 10); // 31
    limit.started(31);
    limit.waiting();
    endRequests(30, 10);
    assertEquals(31, limit.value());
    limit.ended(10 * MS, now);
    assertEquals(43, limit.value());
  }

  @Test
  void waitsForEnoughRequests() {
    limit.waiting();
    endRequests(MIN - 1, 100);
    assertEquals(MIN, limit.value());
    limit.ended(100 * MS, now);
    assertEquals(22, limit.value());
  }
}
