package dev.partywall.http.filters;

import dev.partywall.concurrent.Watchdog;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.time.Duration;

/**
 * A filter that limits the duration of a request. When the limit expires, it interrupts the thread
 * that serves the request and rejects the request with a retry delay. The timeouts of
 * jdk.httpserver are no substitute: they close the socket but leave the thread running.
 *
 * @param watchdog has the limit, and determines when it expires
 */
public record RequestTimeout(Watchdog watchdog) implements Filter {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /**
   * Calls {@code next}. Returns its response even after the limit has expired, because the response
   * describes completed work. An exception after the limit has expired counts as a consequence of
   * the interrupt.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if {@code next} throws after the limit has
   *     expired
   */
  @Override
  public Response filter(Request request, Handler next) {
    var timed = new TimedRequest(Thread.currentThread());
    watchdog.add(timed);
    try {
      return next.handle(request);
    } catch (RuntimeException e) {
      if (timed.end()) {
        throw new ApiException(new ApiError.Unavailable("The request timed out.", RETRY_AFTER), e);
      }
      throw e;
    } finally {
      timed.end();
      watchdog.remove(timed);
    }
  }

  /**
   * A request in progress. Its lock orders expiry and completion. An interrupt can therefore never
   * reach the thread's later work, which is writing the response.
   */
  private static final class TimedRequest extends Watchdog.Operation {
    private final Thread worker;
    private boolean ended;
    private boolean interrupted;

    TimedRequest(Thread worker) {
      this.worker = worker;
    }

    /**
     * Interrupts the thread. Every check repeats this, because the handler may swallow an
     * interrupt.
     */
    @Override
    protected synchronized void expire() {
      if (!ended) {
        interrupted = true;
        worker.interrupt();
      }
    }

    /**
     * Completes the request, clears a pending interrupt, and returns whether it was ever
     * interrupted.
     */
    synchronized boolean end() {
      if (!ended && interrupted) {
        Thread.interrupted();
      }
      ended = true;
      return interrupted;
    }
  }
}
