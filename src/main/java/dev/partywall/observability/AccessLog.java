package dev.partywall.observability;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Response.Sent;
import dev.partywall.tenancy.RequestScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line a request, when the last byte of its answer is out or can't be sent any more. It
 * stands behind the router's look-up, so that it knows the template, and around everything that
 * refuses.
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
   * Asks {@code next}, and sees to it that a line is written.
   *
   * @throws IllegalStateException outside of the trace filter
   */
  @Override
  public Response filter(Request request, Handler next) {
    var scope = RequestScope.current().orElseThrow(IllegalStateException::new);
    var response = next.handle(request);
    // The listener runs when the scope's binding is gone: bind it again, so that the line has it.
    return response.whenSent(sent -> scope.call(() -> write(request, response.status(), sent)));
  }

  private boolean write(Request request, int status, Sent sent) {
    var line =
        log.atInfo()
            .setMessage("request")
            .addKeyValue("method", Routes.method(request))
            .addKeyValue("route", Routes.template(request))
            .addKeyValue("status", status)
            .addKeyValue("durationMs", Math.round(sent.took().toNanos() / 1e3) / 1e3)
            .addKeyValue("bytesOut", sent.bytes());
    (sent.complete() ? line : line.addKeyValue("aborted", true)).log();
    return sent.complete();
  }
}
