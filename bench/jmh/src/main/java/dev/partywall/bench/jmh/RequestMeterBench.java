package dev.partywall.bench.jmh;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.metering.meter.MeterRequests;
import dev.partywall.metering.meter.MeterResponses;
import dev.partywall.metering.meter.RequestMeter;
import dev.partywall.metering.meter.TenantUsageCounters;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Measures the cost of metering a request and its usage. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestMeterBench {
  private static final Response.SendResult SENT =
      new Response.SendResult(7_340, Duration.ofNanos(1_234_567), true);

  private final Tenant tenant = new Tenant(new TenantId("acme"), "premium");
  private final RequestMeter meter =
      new RequestMeter(
          new TenantUsageCounters(InstantSource.system(), 1_000),
          System::nanoTime,
          each -> each.tier().orElseThrow(),
          _ -> {});
  private final Response response = Response.json(200, "{}");
  private final Handler filterChain =
      Filter.chain(
          List.of(new MeterResponses(), this::bind, new MeterRequests(meter)), this::response);
  private final Request request = Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
  private final LongAdder adder = new LongAdder();

  private Response bind(Request incoming, Handler next) {
    return TenantContext.call(tenant, () -> next.handle(incoming));
  }

  private Response response(Request incoming) {
    meter.consumed(2_500, 0);
    return response;
  }

  /** Baseline: one addition to a {@code LongAdder}. */
  @Benchmark
  public void baseline() {
    adder.add(2_500);
  }

  /** Both filters with the tenant's binding between them, and one call to DynamoDB. */
  @Benchmark
  public Response request() {
    var response = filterChain.handle(request);
    response.listeners().forEach(listener -> listener.accept(SENT));
    return response;
  }

  /** Capacity consumed outside a request, charged to the bound tenant. */
  @Benchmark
  public Tenant add() {
    return TenantContext.call(tenant, this::consume);
  }

  private Tenant consume() {
    meter.consumed(2_500, 0);
    return tenant;
  }
}
