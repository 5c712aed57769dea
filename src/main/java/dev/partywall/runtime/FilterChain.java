package dev.partywall.runtime;

import dev.partywall.concurrent.Deadline;
import dev.partywall.concurrent.Watchdog;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ConcurrencyLimit;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.filters.RejectMalformed;
import dev.partywall.http.filters.RequestTimeout;
import dev.partywall.identity.Authenticate;
import dev.partywall.identity.Authorize;
import dev.partywall.identity.TokenPolicy;
import dev.partywall.identity.TrustedIssuers;
import dev.partywall.metering.meter.MeterRequests;
import dev.partywall.metering.meter.MeterResponses;
import dev.partywall.metering.meter.RequestMeter;
import dev.partywall.observability.audit.AuditFilter;
import dev.partywall.observability.log.AccessLog;
import dev.partywall.observability.metrics.RequestMetrics;
import dev.partywall.observability.trace.TraceFilter;
import dev.partywall.tenancy.BindTenant;
import dev.partywall.tenancy.Execution;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * The filter chain of the public listener. {@link #filters} is the only definition of its order.
 *
 * @param service the name of the service, which the types of problems and the realm contain
 * @param clock determines whether a token is valid
 */
record FilterChain(
    String service,
    Telemetry telemetry,
    RequestMeter meter,
    TokenPolicy tokenPolicy,
    TrustedIssuers issuers,
    InstantSource clock) {

  /**
   * The limits of the service as a whole.
   *
   * @param requestTimeout the longest duration of a request, waiting included
   * @param maxInFlight the maximum number of concurrent requests
   * @param maxAwaitedBodies the maximum number of requests whose bodies are being received
   * @param queueTimeout the longest wait for a permit
   */
  record Limits(
      Duration requestTimeout, int maxInFlight, int maxAwaitedBodies, Duration queueTimeout) {
    /**
     * Requests in flight per processor: enough to keep it busy while DynamoDB takes 50 ms per
     * response. Requests above its capacity would only wait, and their clients would give up before
     * the response.
     */
    private static final int MAX_IN_FLIGHT_PER_PROCESSOR = 256;

    /**
     * Returns the limits for this machine.
     *
     * <p>The timeout is slightly below 10 s: the response is sent before a client with that timeout
     * gives up. 2,000 bodies are at worst 1.5 GB of buffers.
     */
    static Limits of(int processors) {
      return new Limits(
          Duration.ofMillis(9_500),
          MAX_IN_FLIGHT_PER_PROCESSOR * processors,
          2_000,
          Duration.ofSeconds(3));
    }
  }

  /**
   * Returns the handler for these routes: all filters, with a router at the end.
   *
   * @param resources receives the filters that must be closed
   */
  Handler build(List<Route> routes, Limits limits, Resources resources) {
    var router = new Router(routes);
    return Filter.chain(filters(router, limits, resources), router.dispatchHandler());
  }

  /** Returns the filters, outermost first. */
  List<Filter> filters(Router router, Limits limits, Resources resources) {
    return List.of(
        // Binds the execution: every log line of the filters inside it contains its ids.
        new TraceFilter(telemetry.ids()), // samples no new trace, because none is exported
        // The telemetry names the route, and the inner filters check its access.
        new SelectRoute(router),
        // These three record every request, whichever filter rejects it.
        new AccessLog(),
        new RequestMetrics(telemetry.metrics()),
        new MeterResponses(), // the bytes of a rejection as well
        // Turns errors into responses: every filter that rejects requests must be inside it.
        problemDetails(service),
        new AuditFilter(telemetry.auditLog()), // sees an error before it is a response
        new RejectMalformed(),
        // Includes the wait for a permit.
        new RequestTimeout(
            resources.add(
                "request timeout",
                new Watchdog("request-timeout", limits.requestTimeout(), System::nanoTime).start()),
            FilterChain::recordDeadline),
        // Queues or rejects excess requests before they cost anything.
        telemetry.register(
            new ConcurrencyLimit(
                limits.maxInFlight(), limits.maxAwaitedBodies(), limits.queueTimeout())),
        new Authenticate(tokenPolicy, issuers, clock, telemetry.tokenListener()),
        new BindTenant(), // no filter outside it accesses a tenant's data
        new MeterRequests(meter),
        new Authorize());
  }

  private static void recordDeadline(Deadline deadline) {
    Execution.current().ifPresent(execution -> execution.setDeadline(deadline));
  }

  /** Returns a filter whose problem details contain the trace id of the request. */
  private static ProblemDetailsFilter problemDetails(String service) {
    return new ProblemDetailsFilter(
        service, () -> Execution.current().map(execution -> execution.ids().traceId()).orElse(""));
  }

  /** Returns the handler of the management port, which has no tenants and requires no token. */
  static Handler buildManagement(List<Route> routes, String service, Telemetry telemetry) {
    var router = new Router(routes);
    return Filter.chain(
        List.of(
            new TraceFilter(telemetry.ids()),
            new SelectRoute(router),
            problemDetails(service),
            new RejectMalformed()),
        router.dispatchHandler());
  }
}
