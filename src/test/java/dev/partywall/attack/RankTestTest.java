package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RankTestTest {
  private static long[] samples(long seed, long shift) {
    return new SplittableRandom(seed).longs(2_000, 0, 1_000).map(value -> value + shift).toArray();
  }

  @Test
  void samplesOfTheSameDistributionDoNotDiffer() {
    assertTrue(Math.abs(RankTest.of(samples(1, 0), samples(2, 0)).z()) < 3);
    assertEquals(0.5, RankTest.of(new long[] {1, 1}, new long[] {1, 1}).superiority());
  }

  @Test
  void detectsASmallShift() {
    assertTrue(RankTest.of(samples(1, 60), samples(2, 0)).z() > 5);
    assertEquals(1.0, RankTest.of(new long[] {3, 4}, new long[] {1, 2}).superiority());
    assertEquals(0.0, RankTest.of(new long[] {1, 2}, new long[] {3, 4}).superiority());
  }
}
