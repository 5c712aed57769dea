package dev.partywall.tenancy.admission;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The share of the service for requests whose token is not known yet. The check of a signature
 * takes about 100 µs of CPU time, and anyone can cause it. If all of them ran at the same time, a
 * request with a known token would wait behind all of them, each time that it continues after a
 * call. A flood of invalid tokens therefore occupies only this share of the processors.
 */
public final class UnauthenticatedLimit {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Semaphore entered;
  private final Semaphore running;

  /**
   * Creates a limit.
   *
   * @param maxConcurrent the maximum number of concurrent checks
   * @param maxWaiting the maximum number of requests that wait. The wait needs no time limit of its
   *     own, because so many checks are completed within a fraction of a second
   */
  public UnauthenticatedLimit(int maxConcurrent, int maxWaiting) {
    if (maxConcurrent < 1 || maxWaiting < 0) {
      throw new IllegalArgumentException("at least one check must be possible");
    }
    this.entered = new Semaphore(maxConcurrent + maxWaiting);
    this.running = new Semaphore(maxConcurrent, true);
  }

  /**
   * Returns the result of a check.
   *
   * @throws ApiException as {@link ApiError.AtCapacity} if too many requests wait, or the thread is
   *     interrupted. An interrupt stays pending
   */
  public <T> T call(Supplier<T> check) {
    if (!entered.tryAcquire()) {
      throw atCapacity();
    }
    try {
      return run(check);
    } finally {
      entered.release();
    }
  }

  private <T> T run(Supplier<T> check) {
    acquire();
    try {
      return check.get();
    } finally {
      running.release();
    }
  }

  private void acquire() {
    try {
      running.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw atCapacity();
    }
  }

  private static ApiException atCapacity() {
    return new ApiException(new ApiError.AtCapacity(RETRY_AFTER));
  }
}
