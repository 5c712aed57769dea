package dev.partywall.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedParallelTest {
  private static List<Integer> items(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void appliesTheWorkToEachItem() {
    var seen = ConcurrentHashMap.<Integer>newKeySet();
    assertEquals(Optional.empty(), BoundedParallel.each(items(1_000), seen::add));
    assertEquals(1_000, seen.size());
  }

  @Test
  void runsSixteenCallsInParallelAndNoMore() {
    var running = new AtomicInteger();
    var highest = new AtomicInteger();
    var sixteen = new CountDownLatch(16);
    var failure =
        BoundedParallel.each(
            items(64),
            _ -> {
              highest.accumulateAndGet(running.incrementAndGet(), Math::max);
              sixteen.countDown();
              try {
                assertTrue(sixteen.await(10, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              running.decrementAndGet();
            });
    assertEquals(Optional.empty(), failure);
    assertEquals(16, highest.get());
  }

  @Test
  void returnsAFailureAndStillAppliesTheWorkToTheOtherItems() {
    var done = new AtomicInteger();
    var failure =
        BoundedParallel.each(
            items(100),
            item -> {
              if (item == 7) {
                throw new IllegalArgumentException("seven");
              }
              done.incrementAndGet();
            });
    assertEquals("seven", failure.orElseThrow().getMessage());
    assertEquals(99, done.get());
  }

  @Test
  void reportsAnErrorAsAFailure() {
    var failure =
        BoundedParallel.each(
            items(1),
            _ -> {
              throw new StackOverflowError();
            });
    assertInstanceOf(StackOverflowError.class, failure.orElseThrow().getCause());
  }

  @Test
  void skipsTheRemainingItemsInAnOutage() {
    var calls = new AtomicInteger();
    var _ =
        BoundedParallel.each(
            items(10_000),
            _ -> {
              calls.incrementAndGet();
              throw new IllegalStateException("unavailable");
            });
    // 64 failures end it; up to 15 further calls were in progress at that moment.
    assertTrue(calls.get() >= 64 && calls.get() < 64 + 16, "calls: " + calls);
  }

  @Test
  void anInterruptedCallerGetsAFailureAndKeepsItsInterrupt() {
    Thread.currentThread().interrupt();
    var failure = BoundedParallel.each(items(100), _ -> {});
    assertTrue(Thread.interrupted());
    assertInstanceOf(InterruptedException.class, failure.orElseThrow().getCause());
  }
}
