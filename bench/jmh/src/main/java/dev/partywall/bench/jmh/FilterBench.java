package dev.partywall.bench.jmh;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.filters.RejectMalformed;
import dev.partywall.http.filters.RequestTimeout;
import dev.partywall.identity.Authenticate;
import dev.partywall.identity.Authorize;
import dev.partywall.metering.meter.MeterRequests;
import dev.partywall.metering.meter.MeterResponses;
import dev.partywall.observability.audit.AuditFilter;
import dev.partywall.observability.log.AccessLog;
import dev.partywall.observability.metrics.RequestMetrics;
import dev.partywall.observability.trace.TraceFilter;
import dev.partywall.runtime.BenchFilters;
import dev.partywall.tenancy.BindTenant;
import dev.partywall.tenancy.admission.FairConcurrencyLimit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Each filter alone, in front of an empty handler. All but the first two run in a request scope:
 * subtract the baseline.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FilterBench {
  private final Response answer = Response.json(200, "{}");
  private final Handler empty = _ -> answer;
  private BenchFilters benchFilters;
  private Request routed;
  private Handler scopeOnly;
  private Handler trace;
  private Handler route;
  private Handler accessLog;
  private Handler metrics;
  private Handler problemDetails;
  private Handler audit;
  private Handler rejectMalformed;
  private Handler concurrencyLimit;
  private Handler requestTimeout;
  private Handler authenticate;
  private Handler authenticateAndBind;
  private Handler authenticateBindAndMeter;
  private Handler authorize;

  @Setup
  public void build() throws Exception {
    DiscardedOutput.install();
    benchFilters = new BenchFilters();
    var router = new Router(List.of(Route.of("GET", "/orders", "orders:read", empty)));
    Filter.chain(List.of(benchFilters.filter(SelectRoute.class, router)), this::captureRequest)
        .handle(benchFilters.request());
    buildOuterFilters(router);
    buildInnerFilters(router);
  }

  private Response captureRequest(Request request) {
    routed = request;
    return answer;
  }

  private void buildOuterFilters(Router router) {
    scopeOnly = inScope(router);
    trace = Filter.chain(List.of(benchFilters.filter(TraceFilter.class, router)), empty);
    route = Filter.chain(List.of(benchFilters.filter(SelectRoute.class, router)), empty);
    accessLog = inScope(router, AccessLog.class);
    metrics = inScope(router, RequestMetrics.class);
    problemDetails = inScope(router, ProblemDetailsFilter.class);
    audit = inScope(router, AuditFilter.class);
    rejectMalformed = inScope(router, RejectMalformed.class);
  }

  private void buildInnerFilters(Router router) {
    concurrencyLimit = inScope(router, FairConcurrencyLimit.class);
    requestTimeout = inScope(router, RequestTimeout.class);
    authenticate = inScope(router, Authenticate.class);
    authenticateAndBind = inScope(router, Authenticate.class, BindTenant.class);
    authenticateBindAndMeter =
        inScope(
            router,
            MeterResponses.class,
            Authenticate.class,
            BindTenant.class,
            MeterRequests.class);
    authorize = inScope(router, Authenticate.class, Authorize.class);
  }

  @SafeVarargs
  private final Handler inScope(Router router, Class<? extends Filter>... wanted) {
    var filters = Stream.of(wanted).map(type -> benchFilters.filter(type, router)).toList();
    return Filter.chain(List.of(BoundScope::filter), Filter.chain(filters, empty));
  }

  @TearDown
  public void close() throws Exception {
    benchFilters.close();
  }

  /** A request scope without a filter. */
  @Benchmark
  public Response baseline() {
    return BenchFilters.exchange(scopeOnly, routed);
  }

  @Benchmark
  public Response trace() {
    return BenchFilters.exchange(trace, routed);
  }

  @Benchmark
  public Response route() {
    return BenchFilters.exchange(route, routed);
  }

  @Benchmark
  public Response accessLog() {
    return BenchFilters.exchange(accessLog, routed);
  }

  @Benchmark
  public Response requestMetrics() {
    return BenchFilters.exchange(metrics, routed);
  }

  @Benchmark
  public Response problemDetails() {
    return BenchFilters.exchange(problemDetails, routed);
  }

  @Benchmark
  public Response audit() {
    return BenchFilters.exchange(audit, routed);
  }

  @Benchmark
  public Response rejectMalformed() {
    return BenchFilters.exchange(rejectMalformed, routed);
  }

  @Benchmark
  public Response concurrencyLimit() {
    return BenchFilters.exchange(concurrencyLimit, routed);
  }

  @Benchmark
  public Response requestTimeout() {
    return BenchFilters.exchange(requestTimeout, routed);
  }

  /** With a cached token. */
  @Benchmark
  public Response authenticate() {
    return BenchFilters.exchange(authenticate, routed);
  }

  /** Binding requires the tenant from authentication. */
  @Benchmark
  public Response authenticateAndBind() {
    return BenchFilters.exchange(authenticateAndBind, routed);
  }

  @Benchmark
  public Response authenticateBindAndMeter() {
    return BenchFilters.exchange(authenticateBindAndMeter, routed);
  }

  @Benchmark
  public Response authenticateAndAuthorize() {
    return BenchFilters.exchange(authorize, routed);
  }
}
