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
 * Each door by itself, in front of a handler that does nothing. All but the first two stand in a
 * request's scope, which is the baseline: subtract it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DoorsBench {
  private final Response answer = Response.json(200, "{}");
  private final Handler end = _ -> answer;
  private Doors doors;
  private Request found;
  private Handler nothing;
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
    doors = new Doors();
    var router = new Router(List.of(Route.of("GET", "/orders", "orders:read", end)));
    Filter.corridor(List.of(doors.at(Door.ROUTE, router)), this::remember).handle(doors.request());
    buildOutside(router);
    buildInside(router);
  }

  private Response remember(Request request) {
    found = request;
    return answer;
  }

  private void buildOutside(Router router) {
    nothing = inScope(router);
    trace = Filter.corridor(List.of(doors.at(Door.TRACE, router)), end);
    locate = Filter.corridor(List.of(doors.at(Door.ROUTE, router)), end);
    accessLog = inScope(router, Door.ACCESS_LOG);
    metrics = inScope(router, Door.METRICS);
    problems = inScope(router, Door.PROBLEMS);
    audit = inScope(router, Door.AUDIT);
    refuseMalformed = inScope(router, Door.WIRE_RULES);
  }

  private void buildInside(Router router) {
    ceiling = inScope(router, Door.CEILING);
    deadline = inScope(router, Door.DEADLINE);
    authenticate = inScope(router, Door.AUTHENTICATE);
    authenticateAndBind = inScope(router, Door.AUTHENTICATE, Door.BIND);
    authenticateBindAndMeter =
        inScope(router, Door.METER_ANSWERS, Door.AUTHENTICATE, Door.BIND, Door.METER_REQUESTS);
    authorize = inScope(router, Door.AUTHENTICATE, Door.AUTHORIZE);
  }

  private Handler inScope(Router router, Door... wanted) {
    var filters = Stream.of(wanted).map(door -> doors.at(door, router)).toList();
    return Filter.corridor(List.of(Doors::inScope), Filter.corridor(filters, end));
  }

  @TearDown
  public void close() throws Exception {
    doors.close();
  }

  /** A request's scope, and no door. */
  @Benchmark
  public Response baseline() {
    return Doors.pass(nothing, found);
  }

  @Benchmark
  public Response trace() {
    return Doors.pass(trace, found);
  }

  @Benchmark
  public Response locate() {
    return Doors.pass(locate, found);
  }

  @Benchmark
  public Response accessLog() {
    return Doors.pass(accessLog, found);
  }

  @Benchmark
  public Response requestMetrics() {
    return Doors.pass(metrics, found);
  }

  @Benchmark
  public Response problems() {
    return Doors.pass(problems, found);
  }

  @Benchmark
  public Response audit() {
    return Doors.pass(audit, found);
  }

  @Benchmark
  public Response refuseMalformed() {
    return Doors.pass(refuseMalformed, found);
  }

  @Benchmark
  public Response ceiling() {
    return Doors.pass(ceiling, found);
  }

  @Benchmark
  public Response deadline() {
    return Doors.pass(deadline, found);
  }

  /** By a token that is remembered. */
  @Benchmark
  public Response authenticate() {
    return Doors.pass(authenticate, found);
  }

  /** There is no tenant to bind without the door before. */
  @Benchmark
  public Response authenticateAndBind() {
    return Doors.pass(authenticateAndBind, found);
  }

  @Benchmark
  public Response authenticateBindAndMeter() {
    return Doors.pass(authenticateBindAndMeter, found);
  }

  @Benchmark
  public Response authenticateAndAuthorize() {
    return Doors.pass(authorize, found);
  }
}
