package dev.partywall.tenancy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The tenants' requests in flight, grouped by the changes of the registry that they know. After a
 * change, this class states when the last request that does not know it has ended. Then no such
 * request can write any more.
 *
 * <p>A step of an operation whose late effect would harm a later operation counts like a request.
 *
 * <p>A call to DynamoDB without a response can take effect later. Its generation therefore ends 10
 * s later.
 */
public final class RequestGenerations {
  /** The longest time after which DynamoDB executes a call that the client has abandoned. */
  private static final long UNKNOWN_RESULT_NANOS = Duration.ofSeconds(10).toNanos();

  private final LongSupplier nanoTime;
  private final Deque<Generation> earlier = new ArrayDeque<>();
  private volatile Generation current = new Generation(0);

  /** The requests that began between two changes. */
  public static final class Generation {
    private final long sequence;

    // Both only increase. The sums are equal only if all requests have ended.
    private final LongAdder begun = new LongAdder();
    private final LongAdder ended = new LongAdder();

    private volatile boolean hasUnknownResult;
    private volatile long endsAfter;

    private Generation(long sequence) {
      this.sequence = sequence;
    }

    /** Ends a request of this generation. */
    public void end() {
      ended.increment();
    }

    private boolean hasRequests() {
      var ends = ended.sum(); // read first: a request that begins in between counts as running
      return ends != begun.sum();
    }

    private boolean isEnded(long now) {
      return !hasRequests() && (!hasUnknownResult || now - endsAfter >= 0);
    }

    private void delayEnd(long time) {
      endsAfter = time;
      hasUnknownResult = true;
    }
  }

  /**
   * Creates the first generation, which knows no change.
   *
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public RequestGenerations(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Begins a request, before it reads the record of its tenant. */
  public Generation begin() {
    while (true) {
      var generation = current;
      generation.begun.increment();
      if (generation == current) {
        return generation;
      }
      generation.end(); // a change was applied in between
    }
  }

  /**
   * Records that the changes up to a number are applied: each request that begins from now on knows
   * them.
   */
  public synchronized void applied(long sequence) {
    if (sequence != current.sequence) {
      earlier.add(current);
      current = new Generation(sequence);
    }
  }

  /**
   * Records that a call of a running request has got no response. A generation without a running
   * request is not delayed: otherwise a tenant whose writes are throttled would delay the changes
   * of all tenants for as long as that lasts.
   */
  public synchronized void recordUnknownResult() {
    var time = nanoTime.getAsLong() + UNKNOWN_RESULT_NANOS;
    earlier.stream()
        .filter(Generation::hasRequests)
        .forEach(generation -> generation.delayEnd(time));
    current.delayEnd(time);
  }

  /** Returns the number of the latest change that all requests in flight know. */
  public synchronized long acknowledged() {
    var now = nanoTime.getAsLong();
    while (!earlier.isEmpty() && earlier.getFirst().isEnded(now)) {
      earlier.remove();
    }
    return earlier.isEmpty() ? current.sequence : earlier.getFirst().sequence;
  }
}
