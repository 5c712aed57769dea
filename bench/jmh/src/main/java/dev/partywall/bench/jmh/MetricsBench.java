package dev.partywall.bench.jmh;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.observability.metrics.Metrics;
import dev.partywall.observability.metrics.OutcomeCounter;
import dev.partywall.observability.metrics.RequestMetrics;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantId;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Measures the cost of counting a request, an AWS call, and a cache lookup. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MetricsBench {
  private static final Response.SendResult SENT =
      new Response.SendResult(7_340, Duration.ofNanos(1_234_567), true);

  private final Metrics metrics = new Metrics(Metrics.MAX_NAMED_TENANTS);
  private final DistributionDataPoint bare =
      Histogram.builder()
          .name("bare")
          .labelNames("route")
          .classicOnly()
          .withoutExemplars()
          .build()
          .labelValues("/orders");
  private final Execution scope =
      new Execution(
          new Execution.CorrelationIds(
              "1".repeat(32),
              "2".repeat(32),
              "3".repeat(16),
              new Execution.Trace(Optional.empty(), 0, "")));
  private final Response response = Response.json(200, "{}");
  private final Handler handler = _ -> response;
  private final Handler filtered = Filter.chain(List.of(new RequestMetrics(metrics)), handler);
  private final Request request =
      Request.of(
              "GET",
              new RequestTarget("/orders", List.of("orders"), Map.of()),
              Headers.NONE,
              Body.NONE)
          .with(new Match.Found(Route.of("GET", "/orders", "orders:read", handler), Map.of()));
  private final ExecutionInterceptor calls = metrics.awsCallInterceptor();
  private final ExecutionAttributes call =
      new ExecutionAttributes()
          .putAttribute(SdkExecutionAttribute.SERVICE_NAME, "DynamoDb")
          .putAttribute(SdkExecutionAttribute.OPERATION_NAME, "Query");
  private final OutcomeCounter cache = metrics.cacheCounter("credentials");

  @Setup
  public void identify() {
    scope.setIdentity(
        new Identity.TenantUser(
            new TenantId("acme"),
            Optional.of("premium"),
            "user-7",
            Set.of(),
            new Identity.Origin("https://issuer.example", OptionalLong.empty())));
  }

  /** Measures the library alone: records one value in a histogram series found in advance. */
  @Benchmark
  public void baseline() {
    bare.observe(0.001_234_567);
  }

  /**
   * Measures the filter and its work after the response is sent: a gauge, a histogram, the tenant's
   * counts.
   */
  @Benchmark
  public Response request() {
    return scope.call(() -> {
      var response = filtered.handle(request);
      response.listeners().forEach(listener -> listener.accept(SENT));
      return response;
    });
  }

  @Benchmark
  public void awsCall() {
    calls.beforeExecution(null, call);
    calls.afterExecution(null, call);
  }

  @Benchmark
  public void cacheHit() {
    cache.increment("hit");
  }
}
