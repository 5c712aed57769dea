package dev.partywall.http;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the corridor costs by itself: eleven doors that do nothing, and a handler likewise. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CorridorBench {
  private static final Filter OPEN_DOOR = (request, next) -> next.handle(request);

  private final Response answer = Response.json(200, "{}");
  private final Handler end = _ -> answer;
  private final Handler corridor = Filter.corridor(Collections.nCopies(11, OPEN_DOOR), end);
  private final Request request =
      Request.of(
          "GET",
          new Target("/orders", List.of("orders"), Map.of("limit", List.of("20"))),
          Headers.NONE,
          Body.NONE);

  /** The handler alone. */
  @Benchmark
  public Response baseline() {
    return end.handle(request);
  }

  @Benchmark
  public Response throughElevenDoors() {
    return corridor.handle(request);
  }
}
