package dev.partywall;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
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
public class DoorsBench {
  private final Response answer = Response.json(200, "{}");
  private final Handler empty = _ -> answer;
  private Doors benchFilters;
  private Request routed;
  private Handler scopeOnly;
  private Handler trace;
  private Handler locate;
  private Handler accessLog;
  private Handler metrics;
  private Handler problems;
  private Handler audit;
  private Handler refuseMalformed;
  private Handler ceiling;
  private Handler deadline;
  private Handler authenticate;
  private Handler authenticateAndBind;
  private Handler authenticateBindAndMeter;
  private Handler authorize;

  @Setup
  public void build() throws Exception {
    Silence.log();
    benchFilters = new Doors();
    var router = new Router(List.of(Route.of("GET", "/orders", "orders:read", empty)));
    Filter.corridor(List.of(benchFilters.at(Door.ROUTE, router)), this::captureRequest)
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
    trace = Filter.corridor(List.of(benchFilters.at(Door.TRACE, router)), empty);
    locate = Filter.corridor(List.of(benchFilters.at(Door.ROUTE, router)), empty);
    accessLog = inScope(router, Door.ACCESS_LOG);
    metrics = inScope(router, Door.METRICS);
    problems = inScope(router, Door.PROBLEMS);
    audit = inScope(router, Door.AUDIT);
    refuseMalformed = inScope(router, Door.WIRE_RULES);
  }

  private void buildInnerFilters(Router router) {
    ceiling = inScope(router, Door.CEILING);
    deadline = inScope(router, Door.DEADLINE);
    authenticate = inScope(router, Door.AUTHENTICATE);
    authenticateAndBind = inScope(router, Door.AUTHENTICATE, Door.BIND);
    authenticateBindAndMeter =
        inScope(router, Door.METER_ANSWERS, Door.AUTHENTICATE, Door.BIND, Door.METER_REQUESTS);
    authorize = inScope(router, Door.AUTHENTICATE, Door.AUTHORIZE);
  }

  private Handler inScope(Router router, Door... wanted) {
    var filters = Stream.of(wanted).map(door -> benchFilters.at(door, router)).toList();
    return Filter.corridor(List.of(Doors::inScope), Filter.corridor(filters, empty));
  }

  @TearDown
  public void close() throws Exception {
    benchFilters.close();
  }

  /** A request scope without a filter. */
  @Benchmark
  public Response baseline() {
    return Doors.pass(scopeOnly, routed);
  }

  @Benchmark
  public Response trace() {
    return Doors.pass(trace, routed);
  }

  @Benchmark
  public Response locate() {
    return Doors.pass(locate, routed);
  }

  @Benchmark
  public Response accessLog() {
    return Doors.pass(accessLog, routed);
  }

  @Benchmark
  public Response requestMetrics() {
    return Doors.pass(metrics, routed);
  }

  @Benchmark
  public Response problems() {
    return Doors.pass(problems, routed);
  }

  @Benchmark
  public Response audit() {
    return Doors.pass(audit, routed);
  }

  @Benchmark
  public Response refuseMalformed() {
    return Doors.pass(refuseMalformed, routed);
  }

  @Benchmark
  public Response ceiling() {
    return Doors.pass(ceiling, routed);
  }

  @Benchmark
  public Response deadline() {
    return Doors.pass(deadline, routed);
  }

  /** With a cached token. */
  @Benchmark
  public Response authenticate() {
    return Doors.pass(authenticate, routed);
  }

  /** Binding requires the tenant from authentication. */
  @Benchmark
  public Response authenticateAndBind() {
    return Doors.pass(authenticateAndBind, routed);
  }

  @Benchmark
  public Response authenticateBindAndMeter() {
    return Doors.pass(authenticateBindAndMeter, routed);
  }

  @Benchmark
  public Response authenticateAndAuthorize() {
    return Doors.pass(authorize, routed);
  }
}
