package dev.partywall.bench.jmh;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Measures finding the route of a request among the routes of the service. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouterBench {
  private static final String ID = "01JDEZ8Q4V0000000000020000";

  private final Response response = Response.json(200, "{}");
  private final Handler end = _ -> response;
  private final Map<String, Handler> paths = Map.of("/orders", end, "/usage", end, "/tenant", end);
  private final Filter router =
      new SelectRoute(
          new Router(
              List.of(
                  Route.of("GET", "/orders", "orders:read", end),
                  Route.of("POST", "/orders", "orders:write", end),
                  Route.of("GET", "/orders/{id}", "orders:read", end),
                  Route.of("PUT", "/orders/{id}", "orders:write", end),
                  Route.of("DELETE", "/orders/{id}", "orders:write", end),
                  Route.of("GET", "/usage", "usage:read", end),
                  Route.open("GET", "/openapi.json", end))));
  private final Request list = get("/orders", List.of("orders"));
  private final Request one = get("/orders/" + ID, List.of("orders", ID));

  private static Request get(String path, List<String> segments) {
    return Request.of("GET", new RequestTarget(path, segments, Map.of()), Headers.NONE, Body.NONE);
  }

  /** A map lookup by path, without methods and parameters. */
  @Benchmark
  public Response baseline() {
    return paths.get(list.target().path()).handle(list);
  }

  @Benchmark
  public Response literalPath() {
    return router.filter(list, end);
  }

  @Benchmark
  public Response pathWithParameter() {
    return router.filter(one, end);
  }
}
