package dev.partywall.observability.trace;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.CorrelationIds;
import dev.partywall.tenancy.Execution.Trace;
import java.util.Optional;

/**
 * The outermost filter: assigns the request's ids and binds its {@link Execution}. It continues the
 * caller's trace if {@code traceparent} is valid (W3C Trace Context level 2), and otherwise starts
 * a new one. The response carries {@code X-Request-Id}. A request id from the client is ignored,
 * because it could imitate another request's id.
 */
public final class TraceFilter implements Filter {
  private final TraceIds ids;

  /** Creates a filter that assigns the ids. */
  public TraceFilter(TraceIds ids) {
    this.ids = ids;
  }

  @Override
  public Response filter(Request request, Handler next) {
    var headers = request.headers();
    var assigned =
        parent(headers).map(parent -> continueTrace(parent, headers)).orElseGet(this::startTrace);
    return new Execution(assigned)
        .call(() -> next.handle(request))
        .with("X-Request-Id", assigned.requestId());
  }

  // Two traceparent fields contradict each other, so both are ignored (section 3.2).
  private static Optional<TraceParent> parent(Headers headers) {
    var fields = headers.all("traceparent");
    return fields.size() == 1 ? TraceParent.parse(fields.getFirst()) : Optional.empty();
  }

  private CorrelationIds continueTrace(TraceParent parent, Headers headers) {
    var state = TraceState.of(headers.all("tracestate"));
    var trace = new Trace(Optional.of(parent.parentId()), parent.flags(), state);
    return new CorrelationIds(ids.requestId(), parent.traceId(), ids.spanId(), trace);
  }

  // A tracestate without a traceparent has no meaning and is dropped (section 3.3). A new trace is
  // not sampled, because the service exports no spans; an incoming trace keeps the caller's flag.
  private CorrelationIds startTrace() {
    var trace = new Trace(Optional.empty(), TraceParent.RANDOM, "");
    return new CorrelationIds(ids.requestId(), ids.traceId(), ids.spanId(), trace);
  }
}
