package dev.partywall.metering;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Target;
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

/** What it costs to meter a request and what it uses. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MeterBench {
  private static final Response.Sent SENT =
      new Response.Sent(7_340, Duration.ofNanos(1_234_567), true);

  private final Tenant tenant = new Tenant(new TenantId("acme"), "premium");
  private final Meter meter =
      new Meter(new Tallies(InstantSource.system(), 1_000), System::nanoTime);
  private final Response answer = Response.json(200, "{}");
  private final Handler doors =
      Filter.corridor(List.of(meter.answers(), this::bind, meter.requests()), this::answer);
  private final Request request = Request.of("GET", Target.ROOT, Headers.NONE, Body.NONE);
  private final LongAdder bare = new LongAdder();

  private Response bind(Request asked, Handler next) {
    return TenantContext.call(tenant, () -> next.handle(asked));
  }

  private Response answer(Request asked) {
    meter.consumed(2_500, 0);
    return answer;
  }

  /** The JDK: one sum. */
  @Benchmark
  public void baseline() {
    bare.add(2_500);
  }

  /** Both doors, the tenant's binding between them, and one call to DynamoDB behind. */
  @Benchmark
  public Response request() {
    var response = doors.handle(request);
    response.listeners().forEach(it -> it.accept(SENT));
    return response;
  }

  /** Units that no request pays for: found by the bound tenant. */
  @Benchmark
  public Tenant add() {
    return TenantContext.call(tenant, this::consume);
  }

  private Tenant consume() {
    meter.consumed(2_500, 0);
    return tenant;
  }
}
