package dev.partywall.metering;

import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Does the same for many, several at once. */
final class AtOnce {
  /** Enough to make up for the way to DynamoDB, too few to crowd out requests. */
  private static final int THREADS = 16;

  /** Failures after which the rest is left for the next time: then it is not one tenant's. */
  private static final int AN_OUTAGE = 64;

  private AtOnce() {}

  /**
   * Does it for each of these.
   *
   * @return the first failure; it keeps nothing from the others
   */
  static <T> Optional<RuntimeException> each(Collection<T> all, Consumer<T> work) {
    var failures = new ConcurrentLinkedQueue<RuntimeException>();
    try (var threads = Executors.newFixedThreadPool(THREADS, Thread.ofVirtual().factory())) {
      all.forEach(one -> threads.execute(() -> attempt(one, work, failures)));
    }
    return Optional.ofNullable(failures.peek());
  }

  private static <T> void attempt(T one, Consumer<T> work, Queue<RuntimeException> failures) {
    if (failures.size() >= AN_OUTAGE) {
      return;
    }
    try {
      work.accept(one);
    } catch (RuntimeException e) {
      failures.add(e);
    } catch (Error e) {
      failures.add(new IllegalStateException(e));
    }
  }
}
