package dev.partywall.tenancy.admission;

import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/** The rejections that are delayed. Not thread-safe. */
final class DelayedRejections {
  /** The delays of each caller, the oldest one first. The caller whose turn is next is first. */
  private final LinkedHashMap<Caller, SequencedSet<Delay>> byCaller = new LinkedHashMap<>();

  /** All delays. The next one to end is first. */
  private final TreeSet<Delay> byEnd = new TreeSet<>();

  private long added;

  /**
   * The callers that share turns: a tenant, all operators, or all callers without an identity.
   *
   * @param tenant empty for operators, and if the tenant is not verified
   */
  record Caller(Optional<TenantId> tenant, boolean isOperator) {
    /** A tenant in a token can be one that the token's issuer may not assert. */
    static Caller current() {
      var execution = Execution.current();
      return execution.flatMap(Execution::identity).orElse(null) instanceof Identity.Operator
          ? new Caller(Optional.empty(), true)
          : new Caller(execution.flatMap(Execution::tenant).map(Tenant::id), false);
    }
  }

  /** The delay of a rejection, in the thread of its request. */
  static final class Delay implements Comparable<Delay> {
    private final Caller caller;
    private final Thread thread;
    private final long end;
    private long number;
    private volatile boolean over;

    /**
     * Creates a delay.
     *
     * @param end on a monotonic clock, in nanoseconds
     */
    Delay(Caller caller, Thread thread, long end) {
      this.caller = caller;
      this.thread = thread;
      this.end = end;
    }

    /** Waits until the delay has ended. Returns false if an interrupt has ended the wait. */
    boolean await() {
      while (!over && !thread.isInterrupted()) {
        LockSupport.park(this);
      }
      return over;
    }

    /** The difference of two times of a monotonic clock can be compared, but not the times. */
    @Override
    public int compareTo(Delay other) {
      var order = Long.signum(end - other.end);
      return order == 0 ? Long.compare(number, other.number) : order;
    }

    private void end() {
      over = true;
      LockSupport.unpark(thread);
    }
  }

  void add(Delay delay) {
    delay.number = added++;
    byCaller.computeIfAbsent(delay.caller, _ -> new LinkedHashSet<>()).add(delay);
    byEnd.add(delay);
  }

  boolean isEmpty() {
    return byCaller.isEmpty();
  }

  /** Removes a delay. The caller loses its turn if it has no other delay. */
  void remove(Delay delay) {
    byEnd.remove(delay);
    byCaller.computeIfPresent(
        delay.caller,
        (_, delays) -> {
          delays.remove(delay);
          return delays.isEmpty() ? null : delays;
        });
  }

  /** Ends the delays whose time is over. */
  void endDue(long now) {
    while (!byEnd.isEmpty() && now - byEnd.first().end >= 0) {
      var due = byEnd.first();
      remove(due);
      due.end();
    }
  }

  /** Ends the oldest delay of the caller whose turn is next. */
  void endNext() {
    var next = byCaller.pollFirstEntry();
    var oldest = next.getValue().removeFirst();
    byEnd.remove(oldest);
    if (!next.getValue().isEmpty()) {
      byCaller.put(next.getKey(), next.getValue());
    }
    oldest.end();
  }

  /** Returns the number of delays in memory. */
  int size() {
    return byEnd.size();
  }

  void endAll() {
    byCaller.values().forEach(delays -> delays.forEach(Delay::end));
    byCaller.clear();
    byEnd.clear();
  }
}
