package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RanksTest {
  private static long[] samples(long seed, long shift) {
    return new SplittableRandom(seed).longs(2_000, 0, 1_000).map(value -> value + shift).toArray();
  }

  @Test
  void samplesOfTheSameDistributionDoNotDiffer() {
    assertTrue(Math.abs(Ranks.of(samples(1, 0), samples(2, 0)).z()) < 3);
    assertEquals(0.5, Ranks.of(new long[] {1, 1}, new long[] {1, 1}).share());
  }

  @Test
  void detectsASmallShift() {
    assertTrue(Ranks.of(samples(1, 60), samples(2, 0)).z() > 5);
    assertEquals(1.0, Ranks.of(new long[] {3, 4}, new long[] {1, 2}).share());
    assertEquals(0.0, Ranks.of(new long[] {1, 2}, new long[] {3, 4}).share());
  }
}
