package dev.partywall.bench.jmh;

import dev.partywall.http.Handler;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.runtime.BenchFilters;
import dev.partywall.runtime.Declarations;
import dev.partywall.storage.TenantTable;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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
 * The cost of all telemetry: {@code GET /orders?limit=20} through the filter chain to a table whose
 * HTTP client responds immediately. One run has traces, access log, metrics, audit, metering and
 * the interceptors of the call; the other has none. The difference is the cost in time of the
 * serving thread, in bytes, and in processor time of all threads ({@link ProcessCpu}).
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Djmh.executor=VIRTUAL")
public class TelemetryBench {
  /** A filter chain around the orders routes. */
  @State(Scope.Benchmark)
  public abstract static class MeasuredChain {
    private BenchFilters benchFilters;
    private Handler chain;

    abstract Handler chain(BenchFilters filters);

    @Setup
    public void build() throws Exception {
      DiscardedOutput.install();
      benchFilters = new BenchFilters();
      chain = chain(benchFilters);
      WarmUp.run(this::exchange);
    }

    Response exchange() {
      return BenchFilters.exchange(chain, benchFilters.request());
    }

    @TearDown
    public void close() throws Exception {
      benchFilters.close();
    }
  }

  /** The filter chain without telemetry. */
  public static class ChainWithoutTelemetry extends MeasuredChain {
    @Override
    Handler chain(BenchFilters filters) {
      return filters.withoutTelemetry(
          orders(TenantTableWiring.withoutTelemetry(CannedHttpClient::configureAbortable)));
    }
  }

  /** The filter chain of the product. */
  public static class ChainWithTelemetry extends MeasuredChain {
    @Override
    Handler chain(BenchFilters filters) {
      return filters.filterChain(
          orders(TenantTableWiring.withTelemetry(filters, CannedHttpClient::configureAbortable)));
    }
  }

  private static List<Route> orders(TenantTable.Connection connection) {
    var orders =
        Declarations.of(List.of(OrderRoutes::of), Map.of(), InstantSource.system(), new Random(1));
    orders.connect(connection);
    return orders.routes();
  }

  @Benchmark
  public Response baseline(ChainWithoutTelemetry silent) {
    return silent.exchange();
  }

  @Benchmark
  public Response withTelemetry(ChainWithTelemetry telling) {
    return telling.exchange();
  }
}
