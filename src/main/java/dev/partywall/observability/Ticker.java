package dev.partywall.observability;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls what has to be called again and again, on one thread of its own. */
public final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ticker").factory());

  /** Calls {@code work} once each {@code period}, until this is closed. */
  public Ticker each(Duration period, Runnable work) {
    var nanos = period.toNanos();
    var _ = thread.scheduleWithFixedDelay(() -> run(work), nanos, nanos, TimeUnit.NANOSECONDS);
    return this;
  }

  // One failure must not end the repetition, be it for want of memory.
  private static void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      LOG.error("periodic work failed", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
