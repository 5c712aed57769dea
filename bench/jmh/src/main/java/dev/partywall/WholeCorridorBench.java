package dev.partywall;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What the product adds to a handler that does nothing: goal 10 µs, and 4 KB allocated. On a
 * virtual thread, as in the service.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Djmh.executor=VIRTUAL")
public class WholeCorridorBench {
  private static final Filter OPEN_DOOR = (request, next) -> next.handle(request);

  private final Response answer = Response.json(200, "{}");
  private final Handler openDoors =
      Filter.corridor(Collections.nCopies(Door.values().length, OPEN_DOOR), _ -> answer);
  private Doors doors;
  private Handler corridor;

  @Setup
  public void build() throws Exception {
    Silence.log();
    doors = new Doors();
    corridor = doors.corridor(List.of(Route.of("GET", "/orders", "orders:read", _ -> answer)));
  }

  @TearDown
  public void close() throws Exception {
    doors.close();
  }

  /** As many doors that do nothing. */
  @Benchmark
  public Response baseline() {
    return Doors.pass(openDoors, doors.request());
  }

  @Benchmark
  public Response whole() {
    return Doors.pass(corridor, doors.request());
  }
}
