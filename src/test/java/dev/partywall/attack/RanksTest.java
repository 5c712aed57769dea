package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RanksTest {
  private static long[] drawn(long seed, long more) {
    return new SplittableRandom(seed).longs(2_000, 0, 1_000).map(it -> it + more).toArray();
  }

  @Test
  void samplesOfOneKindAreNotToldApart() {
    assertTrue(Math.abs(Ranks.of(drawn(1, 0), drawn(2, 0)).z()) < 3);
    assertEquals(0.5, Ranks.of(new long[] {1, 1}, new long[] {1, 1}).share());
  }

  @Test
  void aSmallShiftIsSeen() {
    assertTrue(Ranks.of(drawn(1, 60), drawn(2, 0)).z() > 5);
    assertEquals(1.0, Ranks.of(new long[] {3, 4}, new long[] {1, 2}).share());
    assertEquals(0.0, Ranks.of(new long[] {1, 2}, new long[] {3, 4}).share());
  }
}
