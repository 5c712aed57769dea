package dev.partywall.observability.log;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Response.SendResult;
import dev.partywall.http.RouteLabels;
import dev.partywall.tenancy.Execution;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A filter that writes one line per request, after the last byte of the response was sent or
 * sending failed. It runs inside the filter that selects the route, because the line names the
 * route template, and around every filter that rejects requests.
 */
public final class AccessLog implements Filter {
  private final Logger log;

  /** Writes to the logger {@code access}. */
  public AccessLog() {
    this(LoggerFactory.getLogger("access"));
  }

  AccessLog(Logger log) {
    this.log = log;
  }

  /**
   * Calls {@code next}, and adds a listener that writes the line when the response has been sent.
   *
   * @throws IllegalStateException if no execution is bound, as outside the trace filter
   */
  @Override
  public Response filter(Request request, Handler next) {
    var execution = Execution.current().orElseThrow(IllegalStateException::new);
    var response = next.handle(request);
    // The listener runs after the binding of the execution has ended. The line's tenant, user and
    // trace come from the execution, so the listener binds it again.
    return response.onSent(sent -> execution.run(() -> write(request, response.status(), sent)));
  }

  private void write(Request request, int status, SendResult sent) {
    var line =
        log.atInfo()
            .setMessage("request")
            .addKeyValue("method", RouteLabels.method(request))
            .addKeyValue("route", RouteLabels.template(request))
            .addKeyValue("status", status)
            .addKeyValue("durationMs", milliseconds(sent.duration()))
            .addKeyValue("bytesOut", sent.bytes());
    (sent.complete() ? line : line.addKeyValue("aborted", true)).log();
  }

  /** Returns the milliseconds, rounded to microseconds. */
  private static double milliseconds(Duration duration) {
    return Math.round(duration.toNanos() / 1e3) / 1e3;
  }
}
