package dev.partywall.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TwoGenerationCacheTest {
  @Test
  void returnsTheStoredValueUntilItIsRemoved() {
    var cache = new TwoGenerationCache<String, Integer>(10);
    assertNull(cache.get("a"));
    cache.put("a", 1);
    assertEquals(1, cache.get("a"));
    cache.put("a", 2);
    assertEquals(2, cache.get("a"));
    assertEquals(2, cache.remove("a"));
    assertNull(cache.get("a"));
    assertNull(cache.remove("a"));
  }

  @Test
  void removesAValueOfTheOldGeneration() {
    var cache = new TwoGenerationCache<Integer, Integer>(4);
    IntStream.range(0, 3).forEach(i -> cache.put(i, i)); // 0 to 2 become the old generation
    assertNull(cache.young(0));
    assertEquals(0, cache.remove(0));
    assertNull(cache.get(0));
  }

  @Test
  void keepsAnEntryThatIsRead() {
    var cache = new TwoGenerationCache<Integer, Integer>(100);
    cache.put(-1, -1);
    for (var i = 0; i < 10_000; i++) {
      cache.put(i, i);
      assertEquals(-1, cache.get(-1));
    }
  }

  @Test
  void dropsEntriesThatAreNotReadAndStaysBounded() {
    var cache = new TwoGenerationCache<Integer, Integer>(100);
    IntStream.range(0, 10_000).forEach(i -> cache.put(i, i));
    assertNull(cache.young(0));
    var left = IntStream.range(0, 10_000).filter(i -> cache.remove(i) != null).count();
    assertTrue(left >= 50 && left <= 101, "entries left: " + left);
  }

  @Test
  void computesFromTheValueOfEitherGeneration() {
    var cache = new TwoGenerationCache<Integer, Integer>(4);
    IntStream.range(0, 3).forEach(i -> cache.put(i, i));
    assertEquals(12, cache.compute(2, value -> value == null ? 99 : value + 10));
    assertEquals(12, cache.young(2));
    assertEquals(99, cache.compute(7, value -> value == null ? 99 : value + 10));
  }

  @Test
  void staysBoundedUnderConcurrentUse() throws InterruptedException {
    var cache = new TwoGenerationCache<Integer, Integer>(1_000);
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var t = 0; t < 4; t++) {
        var offset = t * 100_000;
        threads.execute(() -> IntStream.range(0, 50_000).forEach(i -> cache.put(offset + i, i)));
      }
      threads.shutdown();
      assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
    }
    var left = IntStream.range(0, 400_000).filter(i -> cache.remove(i) != null).count();
    assertTrue(left <= 1_000 + 8, "entries left: " + left);
  }

  @Test
  void needsRoomForTwoGenerations() {
    assertThrows(IllegalArgumentException.class, () -> new TwoGenerationCache<String, String>(1));
  }
}
