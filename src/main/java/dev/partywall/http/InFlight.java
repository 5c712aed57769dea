package dev.partywall.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Our own count of the requests in hand. The server's goes wrong with the first handler that
 * throws.
 */
final class InFlight {
  private static final long LOOK_NANOS = Duration.ofMillis(10).toNanos();

  private final AtomicInteger inHand = new AtomicInteger();
  private final LongAdder arrivals = new LongAdder();

  /** Something came in on a connection; what, is not known yet. */
  void arrive() {
    arrivals.increment();
  }

  void enter() {
    inHand.incrementAndGet();
  }

  void leave() {
    inHand.decrementAndGet();
  }

  /**
   * Waits until nothing has been in hand and nothing has arrived for {@code quiet}: what a caller
   * had sent before it heard of our leaving is here by then.
   *
   * @return false if there is still something in hand after {@code patience}
   */
  boolean awaitQuiet(Duration quiet, Duration patience) {
    var end = System.nanoTime() + patience.toNanos();
    var since = System.nanoTime();
    var seen = arrivals.sum();
    for (var now = since; now - end < 0; now = System.nanoTime()) {
      if (inHand.get() > 0 || arrivals.sum() != seen) {
        since = now;
        seen = arrivals.sum();
      } else if (now - since >= quiet.toNanos()) {
        return true;
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
    return inHand.get() == 0;
  }
}
