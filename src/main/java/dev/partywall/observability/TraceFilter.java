package dev.partywall.observability;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.RequestScope;
import dev.partywall.tenancy.RequestScope.Ids;
import dev.partywall.tenancy.RequestScope.Trace;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The outermost door: gives the request its names and binds its {@link RequestScope}. It goes on
 * with the caller's trace where {@code traceparent} holds (W3C Trace Context level 2), else starts
 * a new one. The answer carries {@code X-Request-Id}; a request id that the caller sends is not
 * taken up, since it could forge another's.
 */
public final class TraceFilter implements Filter {
  private final TraceIds ids;
  private final int newFlags;

  /**
   * Makes ids of {@code random}, which must be uniformly distributed: see {@link RandomLongs}.
   *
   * @param sampleNewTraces whether a trace that starts here is sampled; one that came in keeps its
   *     caller's decision
   */
  public TraceFilter(LongSupplier random, boolean sampleNewTraces) {
    this.ids = new TraceIds(random);
    this.newFlags = TraceParent.RANDOM | (sampleNewTraces ? TraceParent.SAMPLED : 0);
  }

  @Override
  public Response filter(Request request, Handler next) {
    var headers = request.headers();
    var names = parent(headers).map(known -> goOn(known, headers)).orElseGet(this::start);
    return new RequestScope(names)
        .call(() -> next.handle(request))
        .with("X-Request-Id", names.requestId());
  }

  // Two such fields contradict each other, so neither is believed (section 3.2).
  private static Optional<TraceParent> parent(Headers headers) {
    var fields = headers.all("traceparent");
    return fields.size() == 1 ? TraceParent.parse(fields.getFirst()) : Optional.empty();
  }

  private Ids goOn(TraceParent parent, Headers headers) {
    var state = TraceState.of(headers.all("tracestate"));
    var trace = new Trace(Optional.of(parent.parentId()), parent.flags(), state);
    return new Ids(ids.requestId(), parent.traceId(), ids.spanId(), trace);
  }

  // A tracestate without a traceparent means nothing, so it is dropped (section 3.3).
  private Ids start() {
    var trace = new Trace(Optional.empty(), newFlags, "");
    return new Ids(ids.requestId(), ids.traceId(), ids.spanId(), trace);
  }
}
