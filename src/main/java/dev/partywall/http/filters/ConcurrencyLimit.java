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
 * throughput. A request in progress has an in-flight permit. Requests above the limit wait in a
 * queue, which costs almost nothing, and are rejected only when they wait too long. Immediate
 * rejection would cost more: clients would retry immediately, and rejecting all of the retries
 * would leave no time for serving requests.
 *
 * <p>A request that waits for its body has a body-wait permit instead; otherwise slow senders could
 * block all other clients. These permits are limited as well, because partial bodies occupy memory.
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
   * @param maxAwaitingBody the maximum number of requests that wait for their bodies, in addition
   *     to {@code maxInFlight}
   * @param queueTimeout the longest wait for an in-flight permit, and for a body-wait permit
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

  /**
   * Returns the number of in-flight permits in use. A few more requests may be in progress: a
   * request whose body has arrived continues with its body-wait permit if no in-flight permit is
   * free.
   */
  public int inFlight() {
    return maxInFlight - inFlightPermits.availablePermits();
  }

  /**
   * Returns the number of requests that wait for an in-flight permit. Requests that wait for a
   * body-wait permit are not included.
   */
  public int queued() {
    return inFlightPermits.getQueueLength();
  }

  /**
   * Calls {@code next} as soon as an in-flight permit is free.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if no permit becomes free in time
   */
  @Override
  public Response filter(Request request, Handler next) {
    var permits = new RequestPermits(request.body());
    permits.acquire();
    try {
      return next.handle(request.with(permits));
    } finally {
      permits.release();
    }
  }

  private static ApiException atCapacity() {
    return new ApiException(new ApiError.Unavailable("The service is at capacity.", RETRY_AFTER));
  }

  /**
   * The permits of one request, and its body. Reading the body exchanges the in-flight permit for a
   * body-wait permit until the body has arrived.
   */
  private final class RequestPermits implements Body {
    private final Body body;
    private boolean hasInFlightPermit;
    private boolean hasBodyWaitPermit;

    RequestPermits(Body body) {
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
        // The request has timed out. Its timeout filter must still find the thread interrupted.
        Thread.currentThread().interrupt();
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
