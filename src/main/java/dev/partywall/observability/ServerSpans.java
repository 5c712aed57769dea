package dev.partywall.observability;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Response.SendResult;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.Ids;
import java.time.InstantSource;

/**
 * A filter that exports one span for each request of a sampled trace. Its position is next to the
 * access log. Without an exporter, the filter chain omits it.
 */
public final class ServerSpans implements Filter {
  private final SpanExporter exporter;
  private final InstantSource clock;

  /** Passes spans to {@code exporter}. */
  public ServerSpans(SpanExporter exporter, InstantSource clock) {
    this.exporter = exporter;
    this.clock = clock;
  }

  @Override
  public Response filter(Request request, Handler next) {
    var response = next.handle(request);
    return Execution.current()
        .map(Execution::ids)
        .filter(ids -> ids.trace().isSampled())
        .map(ids -> response.onSent(sent -> export(ids, request, response.status(), sent)))
        .orElse(response);
  }

  private void export(Ids ids, Request request, int status, SendResult sent) {
    exporter.export(
        new Span(
            ids.traceId(),
            ids.spanId(),
            ids.trace().parentId(),
            Span.SpanKind.SERVER,
            RouteLabels.method(request) + " " + RouteLabels.template(request),
            clock.instant(),
            sent.duration(),
            status >= 500));
  }
}
