package dev.partywall.http.filters;

import dev.partywall.concurrent.Deadline;
import dev.partywall.concurrent.Watchdog;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A filter that limits the duration of a request. When the limit expires, it interrupts the thread
 * that serves the request and rejects the request with a retry delay. The timeouts of
 * jdk.httpserver are no substitute: they close the socket but leave the thread running.
 *
 * <p>A request whose body is a stream has no limit here: its body must arrive at a minimum rate,
 * and each call to AWS has a limit of its own.
 *
 * <p>A calling service can shorten the limit by {@link #HEADER}: it does not wait longer for the
 * response. The header never extends the limit.
 *
 * @param watchdog has the limit, and determines when it expires
 * @param deadlines receives the deadline of each request, in the thread that serves the request
 */
public record RequestTimeout(Watchdog watchdog, Consumer<Deadline> deadlines) implements Filter {
  /** The header with the time in milliseconds that the caller waits for the response. */
  public static final String HEADER = "Request-Timeout-Ms";

  /**
   * The shortest limit that a caller can set. An interrupt closes the connection to DynamoDB, and a
   * caller must not be able to cause that by every request.
   */
  private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);

  private static final Duration UNLIMITED = Duration.ofNanos(Long.MAX_VALUE);
  private static final Pattern MILLIS = Pattern.compile("[1-9]\\d{0,8}");
  private static final ApiError TIMED_OUT =
      new ApiError.Unavailable("The request timed out.", Duration.ofSeconds(2));

  /**
   * Calls {@code next}. Returns its response even after the limit has expired, because the response
   * describes completed work. An exception after the limit has expired counts as a consequence of
   * the interrupt.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if {@code next} throws after the limit has
   *     expired, or if it expired before the request was read
   */
  @Override
  public Response filter(Request request, Handler next) {
    if (request.match().streamsBody()) {
      return next.handle(request);
    }
    var timed = new TimedRequest(Thread.currentThread());
    var deadline = watchdog.add(timed, limitOf(request.headers()), request.waited());
    deadlines.accept(deadline);
    try {
      if (!deadline.remaining().isPositive()) {
        throw new ApiException(TIMED_OUT);
      }
      return next.handle(request);
    } catch (RuntimeException e) {
      if (timed.end()) {
        throw new ApiException(TIMED_OUT, e);
      }
      throw e;
    } finally {
      timed.end();
      watchdog.remove(timed);
    }
  }

  /** Ignores an invalid or repeated field. */
  private static Duration limitOf(Headers headers) {
    var fields = headers.all(HEADER);
    if (fields.size() != 1 || !MILLIS.matcher(fields.getFirst()).matches()) {
      return UNLIMITED;
    }
    var limit = Duration.ofMillis(Long.parseLong(fields.getFirst()));
    return limit.compareTo(MIN_TIMEOUT) < 0 ? MIN_TIMEOUT : limit;
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
