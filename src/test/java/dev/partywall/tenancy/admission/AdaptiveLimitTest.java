package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  private static final long MS = 1_000_000L;
  private static final int MIN = 16;
  private static final int MAX = 512;

  private long now = Long.MAX_VALUE - 1_000 * MS; // nanoTime may overflow
  private final AdaptiveLimit limit = new AdaptiveLimit(MIN, MAX, now);

  /** Passes one window with so many requests in flight at its peak. */
  private int window(int inFlight, long latencyMs) {
    limit.started(inFlight);
    for (var i = 0; i < 25; i++) {
      now += 10 * MS;
      limit.ended(latencyMs * MS, now);
    }
    return limit.value();
  }

  /** Passes windows with as many requests in flight as the clients and the limit permit. */
  private int windows(int count, int clients, IntToLongFunction latencyMs) {
    for (var i = 0; i < count; i++) {
      var inFlight = Math.min(clients, limit.value());
      window(inFlight, latencyMs.applyAsLong(inFlight));
    }
    return limit.value();
  }

  @Test
  void increasesWhileTheLatencyStaysLow() {
    var limits = new ArrayList<Integer>();
    for (var i = 0; i < 5; i++) {
      limits.add(window(limit.value(), 10));
    }
    assertEquals(List.of(20, 25, 31, 38, 47), limits);
    assertEquals(MAX, windows(50, 1_000, _ -> 10));
  }

  @Test
  void doesNotIncreaseBeforeItIsReached() {
    assertEquals(MIN, window(15, 10));
    assertEquals(20, window(16, 10));
    assertEquals(20, window(19, 10));
  }

  @Test
  void decreasesBelowTheRequestsInFlightWhenTheLatencyIsMostlyAQueue() {
    windows(50, 1_000, _ -> 10);
    assertEquals(160, window(200, 30));
    assertEquals(128, window(160, 30));
    for (var i = 0; i < 20; i++) {
      window(limit.value(), 30);
    }
    assertEquals(MIN, limit.value());
  }

  @Test
  void keepsItsValueAtAModerateLatency() {
    windows(5, 1_000, _ -> 10);
    assertEquals(47, window(47, 20));
    assertEquals(47, window(47, 20));
  }

  @Test
  void aHighLatencyOfFewRequestsIsNoQueue() {
    windows(50, 1_000, _ -> 10);
    assertEquals(MAX, window(MIN, 100));
  }

  @Test
  void aFewSlowRequestsHaveNoEffect() {
    windows(50, 1_000, _ -> 10);
    limit.started(200);
    for (var i = 0; i < 25; i++) {
      now += 10 * MS;
      limit.ended(i % 3 == 0 ? 2_000 * MS : 10 * MS, now);
    }
    assertEquals(MAX, limit.value());
  }

  @Test
  void waitsForEnoughSamples() {
    limit.started(MIN);
    for (var i = 0; i < 19; i++) {
      now += 1_000 * MS;
      limit.ended(10 * MS, now);
    }
    assertEquals(MIN, limit.value());
    limit.ended(10 * MS, now);
    assertEquals(20, limit.value());
  }

  /** The latency of a backend with one server is proportional to the requests in flight. */
  @Test
  void anOverloadedBackendKeepsTheLimitLowForHours() {
    windows(10, 1, _ -> 2);
    for (var i = 0; i < 4 * 3_600 * 4; i++) {
      var value = windows(1, 200, inFlight -> 2L * inFlight);
      assertTrue(value <= 40, () -> "limit " + value);
    }
  }

  /** The latency of a backend with many servers does not depend on the requests in flight. */
  @Test
  void aBackendThatHasBecomeSlowerIsNotMistakenForAnOverloadedOne() {
    windows(50, 1_000, _ -> 10);
    windows(40, 1_000, _ -> 100);
    assertEquals(MIN, limit.value());
    assertTrue(windows(5 * 60 * 4, 1_000, _ -> 100) > MAX / 2);
  }
}
