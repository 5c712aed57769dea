package dev.partywall.runtime;

import dev.partywall.concurrent.Deadline;
import dev.partywall.concurrent.Watchdog;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.filters.RejectMalformed;
import dev.partywall.http.filters.RequestTimeout;
import dev.partywall.http.server.ListenerLimits;
import dev.partywall.identity.Authenticate;
import dev.partywall.identity.Authorize;
import dev.partywall.identity.TokenPolicy;
import dev.partywall.identity.TrustedIssuers;
import dev.partywall.metering.meter.MeterRequests;
import dev.partywall.metering.meter.MeterResponses;
import dev.partywall.metering.meter.RequestMeter;
import dev.partywall.observability.audit.AuditFilter;
import dev.partywall.observability.log.AccessLog;
import dev.partywall.observability.metrics.RejectionMetrics;
import dev.partywall.observability.metrics.RequestMetrics;
import dev.partywall.observability.trace.TraceFilter;
import dev.partywall.operations.ManagementAccess;
import dev.partywall.operations.tenants.OffboardingRoutes;
import dev.partywall.tenancy.BindTenant;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.admission.Admit;
import dev.partywall.tenancy.admission.FairConcurrencyLimit;
import dev.partywall.tenancy.admission.FairQueue;
import dev.partywall.tenancy.admission.LimitMemory;
import dev.partywall.tenancy.admission.MemoryBudget;
import dev.partywall.tenancy.admission.RateHeaders;
import dev.partywall.tenancy.admission.RejectionPace;
import dev.partywall.tenancy.admission.TenantLimiter;
import dev.partywall.tenancy.admission.UnauthenticatedLimit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * The filter chain of the public listener. {@link #filters} is the only definition of its order.
 *
 * @param service the name of the service, which the types of problems and the realm contain
 * @param bindTenant selects the tenant of each request
 * @param limiter the limits of each tenant
 * @param clock determines whether a token is valid
 */
record FilterChain(
    String service,
    Telemetry telemetry,
    RequestMeter meter,
    TokenPolicy tokenPolicy,
    TrustedIssuers issuers,
    BindTenant bindTenant,
    TenantLimiter limiter,
    InstantSource clock) {

  /** The routes that return the data of a tenant as a whole, or the proof of its deletion. */
  private static final Set<String> RECORDED_READS =
      Set.of("/tenants/{id}/export", OffboardingRoutes.RECEIPT);

  /** About 50 ms of checks, which take 100 µs each. */
  private static final int MAX_WAITING_SIGNATURE_CHECKS = 512;

  /** About a twentieth of a processor: a rejection takes up to 200 µs. */
  private static final int REJECTIONS_PER_SECOND = 250;

  /** The bodies of requests and large responses may take a quarter of the heap. */
  private static final int MEMORY_PARTS = 4;

  /**
   * The limits of the service as a whole.
   *
   * @param requestTimeout the longest duration of a request, waiting included
   * @param queue the bounds of the concurrent and of the waiting requests
   * @param queueTimeout the longest wait for a permit
   */
  record Limits(Duration requestTimeout, FairQueue.Bounds queue, Duration queueTimeout) {
    /**
     * Requests in flight per processor: enough to keep it busy while DynamoDB takes 50 ms per
     * response. Requests above its capacity would only wait, and their clients would give up before
     * the response.
     */
    private static final int MAX_IN_FLIGHT_PER_PROCESSOR = 256;

    /** Enough to keep a processor busy while DynamoDB takes 5 ms per response. */
    private static final int MIN_IN_FLIGHT_PER_PROCESSOR = 8;

    private static final long HEAP_PER_PROCESSOR = 256L << 20;

    /**
     * The queue may take a quarter of the connections, which is an eighth of the heap. It is
     * bounded by memory and by time, and not by the number of processors: a request that waits
     * costs less than its rejection and repetition.
     */
    private static final int QUEUE_HEAP_PARTS = 8;

    /** The connection, the request and the thread. */
    private static final int BYTES_OF_QUEUED = 60 * 1024;

    private static final int MIN_QUEUED = 64;
    private static final int MAX_QUEUED = 20_000;

    /** A tenant whose requests fill its part of the queue does not fill the whole queue. */
    private static final int QUEUE_PARTS_OF_TENANT = 4;

    /** Returns the limits for the processors and the maximum heap of this JVM. */
    static Limits ofThisJvm() {
      var jvm = Runtime.getRuntime();
      return of(jvm.availableProcessors(), jvm.maxMemory());
    }

    /**
     * Returns the limits for a machine.
     *
     * <p>The timeout is slightly below 10 s: the response is sent before a client with that timeout
     * gives up.
     *
     * @param heapBytes the maximum heap; with less than 256 MiB for each processor, the number of
     *     requests follows the heap
     */
    static Limits of(int availableProcessors, long heapBytes) {
      var processors = Math.clamp(heapBytes / HEAP_PER_PROCESSOR, 1, availableProcessors);
      var queued =
          Math.clamp(heapBytes / QUEUE_HEAP_PARTS / BYTES_OF_QUEUED, MIN_QUEUED, MAX_QUEUED);
      return new Limits(
          Duration.ofMillis(9_500),
          new FairQueue.Bounds(
              MIN_IN_FLIGHT_PER_PROCESSOR * processors,
              MAX_IN_FLIGHT_PER_PROCESSOR * processors,
              queued,
              queued / QUEUE_PARTS_OF_TENANT),
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
        new RateHeaders(limiter), // on rejections as well
        rejectionPace(resources), // outside all filters that reject
        // Turns errors into responses: every filter that rejects requests must be inside it.
        problemDetails(service),
        // These two see an error before it is a response.
        RejectionMetrics.ofPublicPort(telemetry.metrics()),
        new AuditFilter(telemetry.auditLog(), RECORDED_READS),
        new RejectMalformed(),
        // Includes the wait for a permit.
        new RequestTimeout(
            resources.add(
                "request timeout",
                new Watchdog("request-timeout", limits.requestTimeout(), System::nanoTime).start()),
            FilterChain::recordDeadline),
        new Authenticate(tokenPolicy, issuers, signatureChecks(), clock, telemetry.tokenListener()),
        bindTenant, // no filter outside it accesses a tenant's data
        new Admit(limiter, System::nanoTime), // a request that it rejects is not metered
        memoryLimit(), // outside the permits: a request that waits for its body has none
        new FairConcurrencyLimit(queue(limits, resources)),
        new MeterRequests(meter),
        new Authorize());
  }

  /** Returns the share of requests whose token is unknown: half of the processors. */
  private static UnauthenticatedLimit signatureChecks() {
    var processors = Runtime.getRuntime().availableProcessors();
    return new UnauthenticatedLimit(
        Math.max(1, processors / 2), MAX_WAITING_SIGNATURE_CHECKS * processors);
  }

  private static RejectionPace rejectionPace(Resources resources) {
    var perSecond = REJECTIONS_PER_SECOND * Runtime.getRuntime().availableProcessors();
    return resources.add("rejection pace", new RejectionPace(perSecond, System::nanoTime).start());
  }

  private LimitMemory memoryLimit() {
    var budget = new MemoryBudget(Runtime.getRuntime().maxMemory() / MEMORY_PARTS);
    return new LimitMemory(telemetry.register(budget), ListenerLimits.MAX_BODY_BYTES);
  }

  private FairQueue queue(Limits limits, Resources resources) {
    var watchdog = new Watchdog("queue-timeout", limits.queueTimeout(), System::nanoTime).start();
    resources.add("queue timeout", watchdog);
    return telemetry.register(new FairQueue(limits.queue(), watchdog, System::nanoTime));
  }

  private static void recordDeadline(Deadline deadline) {
    Execution.current().ifPresent(execution -> execution.setDeadline(deadline));
  }

  /** Returns a filter whose problem details contain the trace id of the request. */
  private static ProblemDetailsFilter problemDetails(String service) {
    return new ProblemDetailsFilter(
        service, () -> Execution.current().map(execution -> execution.ids().traceId()).orElse(""));
  }

  /**
   * Returns the handler of the management port, which has no tenants and requires no token.
   *
   * @param access restricts the callers
   */
  static Handler buildManagement(
      List<Route> routes, String service, Telemetry telemetry, ManagementAccess access) {
    var router = new Router(routes);
    return Filter.chain(
        List.of(
            new TraceFilter(telemetry.ids()),
            new SelectRoute(router),
            problemDetails(service),
            new RejectMalformed(),
            RejectionMetrics.ofManagementPort(telemetry.metrics()),
            access), // on unknown paths as well
        router.dispatchHandler());
  }
}
