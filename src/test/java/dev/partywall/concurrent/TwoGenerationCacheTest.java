package dev.partywall.concurrent;

import static dev.partywall.concurrent.Latches.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
  void aMoveThatBeginsBeforeANewGenerationDoesNotBringBackADroppedEntry() {
    var cache = new TwoGenerationCache<Object, Integer>(4);
    IntStream.range(0, 2).forEach(i -> cache.put(i, i)); // 0 and 1 become the old generation
    var slowKey =
        new Object() {
          private boolean isMoving;

          @Override
          public boolean equals(Object other) {
            return other instanceof Integer key && key == 0;
          }

          @Override
          public int hashCode() { // after the start of the move, and before it locks the key
            if (!isMoving) {
              isMoving = true;
              IntStream.range(2, 4).forEach(i -> cache.put(i, i)); // drops 0 and 1
              assertNull(cache.get(0));
            }
            return 0;
          }
        };
    assertNull(cache.compute(slowKey, existing -> existing));
    assertNull(cache.get(0));
  }

  @Test
  void aReadWaitsForAMoveToTheGenerationThatBecomesTheOldOne() throws InterruptedException {
    var cache = new TwoGenerationCache<Integer, Integer>(4);
    IntStream.range(0, 2).forEach(i -> cache.put(i, i)); // 0 and 1 become the old generation
    var isLocked = new CountDownLatch(1);
    var continues = new CountDownLatch(1);
    var move =
        Thread.ofPlatform()
            .start(() ->
                cache.compute(
                    0,
                    existing -> {
                      isLocked.countDown();
                      await(continues);
                      return existing;
                    }));
    await(isLocked);
    IntStream.range(2, 4).forEach(i -> cache.put(i, i)); // starts a generation
    var read = new AtomicReference<@Nullable Integer>();
    var reader = Thread.ofPlatform().start(() -> read.set(cache.get(0)));
    while (reader.getState() != Thread.State.BLOCKED && reader.isAlive()) {
      Conditions.pause();
    }
    continues.countDown();
    move.join();
    reader.join();
    assertEquals(0, read.get());
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
