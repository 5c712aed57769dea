package dev.partywall.bench.jmh;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.runtime.BenchFilters;
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
 * The cost of the filter chain around an empty handler. Goals: 10 µs and 4 KB allocated. Runs on a
 * virtual thread, as in the service.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Djmh.executor=VIRTUAL")
public class FilterChainBench {
  private static final Filter NO_OP = (request, next) -> next.handle(request);

  private final Response answer = Response.json(200, "{}");
  private final Handler noOpChain =
      Filter.chain(Collections.nCopies(BenchFilters.COUNT, NO_OP), _ -> answer);
  private BenchFilters benchFilters;
  private Handler chain;

  @Setup
  public void build() throws Exception {
    DiscardedOutput.install();
    benchFilters = new BenchFilters();
    chain =
        benchFilters.filterChain(List.of(Route.of("GET", "/orders", "orders:read", _ -> answer)));
  }

  @TearDown
  public void close() throws Exception {
    benchFilters.close();
  }

  /** The same number of filters that do nothing. */
  @Benchmark
  public Response baseline() {
    return BenchFilters.exchange(noOpChain, benchFilters.request());
  }

  @Benchmark
  public Response filterChain() {
    return BenchFilters.exchange(chain, benchFilters.request());
  }
}
