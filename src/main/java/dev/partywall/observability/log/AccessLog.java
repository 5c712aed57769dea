package dev.partywall.observability.log;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Response.SendResult;
import dev.partywall.http.RouteLabels;
import dev.partywall.tenancy.Execution;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A filter that writes one line per request, after the last byte of the response was sent or
 * sending failed. It runs after the router's lookup, to know the route template, and around every
 * filter that rejects requests.
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
   * Calls {@code next} and registers the line for the end of the response.
   *
   * @throws IllegalStateException outside the trace filter
   */
  @Override
  public Response filter(Request request, Handler next) {
    var execution = Execution.current().orElseThrow(IllegalStateException::new);
    var response = next.handle(request);
    // The listener runs after the binding of the execution has ended. Rebind it for the context
    // fields.
    return response.onSent(sent -> execution.call(() -> write(request, response.status(), sent)));
  }

  private boolean write(Request request, int status, SendResult sent) {
    var line =
        log.atInfo()
            .setMessage("request")
            .addKeyValue("method", RouteLabels.method(request))
            .addKeyValue("route", RouteLabels.template(request))
            .addKeyValue("status", status)
            .addKeyValue("durationMs", Math.round(sent.duration().toNanos() / 1e3) / 1e3)
            .addKeyValue("bytesOut", sent.bytes());
    (sent.complete() ? line : line.addKeyValue("aborted", true)).log();
    return sent.complete();
  }
}
