package dev.partywall.http.filters;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A filter that limits the number of concurrent requests of the service, because overload reduces
 * throughput. Requests above the limit wait in a queue, which costs almost nothing, and are
 * rejected only when they wait too long. Immediate rejection would cost more: clients would retry
 * immediately, and rejecting all of the retries would leave no time for serving requests.
 *
 * <p>A request that waits for its body releases its permit; otherwise slow senders could block all
 * other clients. The number of these requests has its own limit, because partial bodies occupy
 * memory.
 */
public final class ConcurrencyLimit implements Filter {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final int maxInFlight;
  private final long queueTimeoutNanos;
  private final Semaphore inFlightPermits;
  private final Semaphore bodyWaitPermits;

  /**
   * Creates a limit of {@code maxInFlight} concurrent requests.
   *
   * @param maxAwaitingBody the maximum number of additional requests that wait for their bodies
   * @param queueTimeout the longest wait for a permit of either kind
   */
  public ConcurrencyLimit(int maxInFlight, int maxAwaitingBody, Duration queueTimeout) {
    if (maxInFlight < 1 || maxAwaitingBody < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: %d in flight, %d waiting"
              .formatted(maxInFlight, maxAwaitingBody));
    }
    this.maxInFlight = maxInFlight;
    this.queueTimeoutNanos = queueTimeout.toNanos();
    // Fair semaphores, because otherwise later requests could starve the first ones.
    this.inFlightPermits = new Semaphore(maxInFlight, true);
    this.bodyWaitPermits = new Semaphore(maxAwaitingBody, true);
  }

  /** Returns the number of requests in flight. */
  public int inFlight() {
    return maxInFlight - inFlightPermits.availablePermits();
  }

  /** Returns the number of requests that wait for a permit. */
  public int queued() {
    return inFlightPermits.getQueueLength();
  }

  /**
   * Calls {@code next} as soon as a permit is free.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if no permit becomes free in time
   */
  @Override
  public Response filter(Request request, Handler next) {
    var permit = new Permit(request.body());
    permit.acquire();
    try {
      return next.handle(request.with(permit));
    } finally {
      permit.release();
    }
  }

  private static ApiException atCapacity() {
    return new ApiException(new ApiError.Unavailable("The service is at capacity.", RETRY_AFTER));
  }

  /** The permit of one request, released while the request waits for its body. */
  private final class Permit implements Body {
    private final Body body;
    private boolean hasInFlightPermit;
    private boolean hasBodyWaitPermit;

    Permit(Body body) {
      this.body = body;
    }

    void acquire() {
      hasInFlightPermit = tryAcquire(inFlightPermits);
      if (!hasInFlightPermit) {
        throw atCapacity();
      }
    }

    private boolean tryAcquire(Semaphore permits) {
      try {
        return permits.tryAcquire(queueTimeoutNanos, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the request has timed out
        return false;
      }
    }

    void release() {
      if (hasInFlightPermit) {
        hasInFlightPermit = false;
        inFlightPermits.release();
      }
      if (hasBodyWaitPermit) {
        hasBodyWaitPermit = false;
        bodyWaitPermits.release();
      }
    }

    @Override
    public boolean isBuffered() {
      return body.isBuffered();
    }

    @Override
    public byte[] bytes() {
      return body.isBuffered() ? body.bytes() : awaitBody();
    }

    private byte[] awaitBody() {
      release();
      hasBodyWaitPermit = tryAcquire(bodyWaitPermits);
      if (!hasBodyWaitPermit) {
        throw atCapacity();
      }
      try {
        return body.bytes();
      } finally {
        resume();
      }
    }

    /**
     * Takes an in-flight permit without queueing, because rejecting the request now would waste the
     * wait for its body. If none is free, the request keeps its body-wait permit. The number of
     * requests that run this way is therefore bounded.
     */
    private void resume() {
      hasInFlightPermit = inFlightPermits.tryAcquire();
      if (hasInFlightPermit) {
        hasBodyWaitPermit = false;
        bodyWaitPermits.release();
      }
    }
  }
}
