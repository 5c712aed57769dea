package dev.partywall.concurrent;

import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Applies an operation to many items, several in parallel. */
public final class BoundedParallel {
  /** Enough to hide the latency of DynamoDB, too few to crowd out requests. */
  private static final int MAX_PARALLEL = 16;

  /** After so many failures the cause is an outage: the remaining items are skipped. */
  private static final int MAX_FAILURES = 64;

  private BoundedParallel() {}

  /**
   * Applies {@code work} to each item. Returns when every started call has ended.
   *
   * @return the first failure; a failure does not affect the other items
   */
  public static <T> Optional<RuntimeException> each(Collection<T> items, Consumer<T> work) {
    var failures = new ConcurrentLinkedQueue<RuntimeException>();
    var permits = new Semaphore(MAX_PARALLEL);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var item : items) {
        permits.acquire();
        threads.execute(() -> {
          apply(item, work, failures);
          permits.release();
        });
      }
    } catch (InterruptedException e) {
      // Leaving the try block with the flag set interrupts the calls that were started.
      Thread.currentThread().interrupt();
      failures.add(new IllegalStateException("interrupted before all items were started", e));
    }
    return Optional.ofNullable(failures.peek());
  }

  /**
   * Applies {@code work} to each item, and throws the first failure. Returns when every started
   * call has ended.
   */
  public static <T> void eachOrThrow(Collection<T> items, Consumer<T> work) {
    each(items, work)
        .ifPresent(failure -> {
          throw failure;
        });
  }

  private static <T> void apply(T item, Consumer<T> work, Queue<RuntimeException> failures) {
    if (failures.size() >= MAX_FAILURES) {
      return;
    }
    try {
      work.accept(item);
    } catch (RuntimeException e) {
      OutOfMemory.exitIfCauseOf(e);
      failures.add(e);
    } catch (Error e) {
      OutOfMemory.exitIfCauseOf(e);
      failures.add(new IllegalStateException(e));
    }
  }
}
