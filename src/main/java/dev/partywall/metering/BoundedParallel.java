package dev.partywall.metering;

import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Processes elements in parallel, with a limited number of threads. */
final class BoundedParallel {
  /** Enough to hide the latency of DynamoDB, too few to displace requests. */
  private static final int THREADS = 16;

  /**
   * After this many failures the rest is left for the next run: the cause is not a single tenant.
   */
  private static final int MAX_FAILURES = 64;

  private BoundedParallel() {}

  /**
   * Runs the work for each element.
   *
   * @return the first failure; a failure does not prevent the other elements
   */
  static <T> Optional<RuntimeException> forEach(Collection<T> all, Consumer<T> work) {
    var failures = new ConcurrentLinkedQueue<RuntimeException>();
    try (var threads = Executors.newFixedThreadPool(THREADS, Thread.ofVirtual().factory())) {
      all.forEach(element -> threads.execute(() -> attempt(element, work, failures)));
    }
    return Optional.ofNullable(failures.peek());
  }

  private static <T> void attempt(T element, Consumer<T> work, Queue<RuntimeException> failures) {
    if (failures.size() >= MAX_FAILURES) {
      return;
    }
    try {
      work.accept(element);
    } catch (RuntimeException e) {
      failures.add(e);
    } catch (Error e) {
      failures.add(new IllegalStateException(e));
    }
  }
}
