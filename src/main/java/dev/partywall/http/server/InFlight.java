package dev.partywall.http.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Counts the requests in flight. The server's own count becomes wrong when a handler throws. */
final class InFlight {
  private static final long POLL_INTERVAL_NANOS = Duration.ofMillis(10).toNanos();

  private final AtomicInteger active = new AtomicInteger();
  private final LongAdder arrivals = new LongAdder();

  /** Records activity on a connection, before the request is parsed. */
  void recordArrival() {
    arrivals.increment();
  }

  /** Returns the number of requests that the server has begun to read. */
  long arrivals() {
    return arrivals.sum();
  }

  void begin() {
    active.incrementAndGet();
  }

  void end() {
    active.decrementAndGet();
  }

  /**
   * Waits until no request has been in flight and none has arrived for {@code quiet}. Requests that
   * clients sent before they saw {@code Connection: close} have arrived by then.
   *
   * @return false if a request is still in flight after {@code timeout}
   */
  boolean awaitIdle(Duration quiet, Duration timeout) {
    var end = System.nanoTime() + timeout.toNanos();
    var quietSince = System.nanoTime();
    var knownArrivals = arrivals.sum();
    for (var now = quietSince; now - end < 0; now = System.nanoTime()) {
      if (active.get() > 0 || arrivals.sum() != knownArrivals) {
        quietSince = now;
        knownArrivals = arrivals.sum();
      } else if (now - quietSince >= quiet.toNanos()) {
        return true;
      }
      LockSupport.parkNanos(this, POLL_INTERVAL_NANOS);
    }
    return active.get() == 0;
  }
}
