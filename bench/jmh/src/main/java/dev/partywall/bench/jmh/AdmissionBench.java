package dev.partywall.bench.jmh;

import dev.partywall.concurrent.Watchdog;
import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.CorrelationIds;
import dev.partywall.tenancy.Execution.Trace;
import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.Limits.Rate;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.admission.Admit;
import dev.partywall.tenancy.admission.FairConcurrencyLimit;
import dev.partywall.tenancy.admission.FairQueue;
import dev.partywall.tenancy.admission.RateHeaders;
import dev.partywall.tenancy.admission.TenantLimiter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Measures the admission of a request with its response fields, and its rejection. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AdmissionBench {
  private static final CorrelationIds IDS =
      new CorrelationIds("r1", "t1", "s1", new Trace(Optional.empty(), 0, ""));

  private final Tenant fast = new Tenant(new TenantId("acme"), "fast");
  private final Tenant slow = new Tenant(new TenantId("globex"), "slow");
  private final Limits high = limits(1_000_000);
  private final Limits low = limits(1);
  private final TenantLimiter limiter =
      new TenantLimiter(
          tenant -> tenant == fast ? high : low,
          _ -> 1_000,
          (_, _) -> 1,
          System::nanoTime,
          InstantSource.system());
  private final FairQueue queue =
      new FairQueue(
          new FairQueue.Bounds(16, 512, 4_096, 512),
          new Watchdog("queue", Duration.ofSeconds(3), System::nanoTime),
          System::nanoTime);
  private final Response response = Response.json(200, "{}");
  private final Request request =
      Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE).with(new Match.NoMatch());
  private final Handler admitted = filterChain(fast);
  private final Handler rejected = filterChain(slow);

  private static Limits limits(long perSecond) {
    return new Limits(
        1,
        Optional.of(new Rate(perSecond, perSecond)),
        OptionalLong.of(100),
        OptionalLong.of(1_000_000_000_000L));
  }

  private Handler filterChain(Tenant tenant) {
    Filter open = (incoming, next) -> new Execution(IDS).call(() -> next.handle(incoming));
    Filter bind =
        (incoming, next) ->
            Execution.current().orElseThrow().callForTenant(tenant, () -> next.handle(incoming));
    return Filter.chain(
        List.of(
            open,
            new RateHeaders(limiter),
            new ProblemDetailsFilter("bench", () -> "t1"),
            bind,
            new Admit(limiter, System::nanoTime),
            new FairConcurrencyLimit(queue)),
        _ -> response);
  }

  /** A request within all limits. */
  @Benchmark
  public Response admitted() {
    return admitted.handle(request);
  }

  /** A request above the rate, which is answered with 429. */
  @Benchmark
  public Response rejected() {
    return rejected.handle(request);
  }
}
