package dev.partywall;

import dev.partywall.http.Handler;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.storage.TenantTable;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
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
 * What all signals together cost: {@code GET /orders?limit=20} down the corridor to a table behind
 * an HTTP client that answers at once, with traces, access log, metrics, audit, meter and the
 * interceptors of the call, and without them. The difference of the two is the answer: in time of
 * the thread that serves, in bytes, and in processor time of all threads ({@link ProcessCpu}).
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Djmh.executor=VIRTUAL")
public class SignalsBench {
  /** Nothing tells anything. */
  @State(Scope.Benchmark)
  public static class Silent {
    private Doors doors;
    private Handler corridor;

    @Setup
    public void build() throws Exception {
      Silence.log();
      doors = new Doors();
      corridor = doors.withoutSignals(orders(TenantTables.silent(CannedHttp::answersWatched)));
      Warm.up(this::pass);
    }

    Response pass() {
      return Doors.pass(corridor, doors.request());
    }

    @TearDown
    public void close() throws Exception {
      doors.close();
    }
  }

  /** As the product is. */
  @State(Scope.Benchmark)
  public static class Telling {
    private Doors doors;
    private Handler corridor;

    @Setup
    public void build() throws Exception {
      Silence.log();
      doors = new Doors();
      corridor = doors.corridor(orders(TenantTables.telling(doors, CannedHttp::answersWatched)));
      Warm.up(this::pass);
    }

    Response pass() {
      return Doors.pass(corridor, doors.request());
    }

    @TearDown
    public void close() throws Exception {
      doors.close();
    }
  }

  private static List<Route> orders(TenantTable table) {
    return OrderRoutes.of(table, InstantSource.system(), new Random(1));
  }

  @Benchmark
  public Response baseline(Silent silent) {
    return silent.pass();
  }

  @Benchmark
  public Response allSignals(Telling telling) {
    return telling.pass();
  }
}
