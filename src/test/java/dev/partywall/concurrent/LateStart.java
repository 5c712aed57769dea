package dev.partywall.concurrent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Runs code as a task that has waited for its start. */
public final class LateStart {
  private LateStart() {}

  /** Returns the result of the task, which has waited for this time. */
  public static <T> T after(Duration wait, Supplier<T> task) {
    var now = new AtomicLong();
    var limit = new StartLimit(0, 0, wait, now::get);
    var result = new CompletableFuture<T>().orTimeout(60, TimeUnit.SECONDS);
    limit.start(() -> result.completeAsync(task, Runnable::run));
    now.addAndGet(wait.toNanos());
    limit.startDue();
    return result.join();
  }
}
