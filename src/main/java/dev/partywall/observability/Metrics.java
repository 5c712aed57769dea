package dev.partywall.observability;

import dev.partywall.http.Filter;
import dev.partywall.http.Route;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.DoubleSupplier;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * All metrics of this process, and the page on which they are read. Names, units and attributes are
 * those of OpenTelemetry's semantic conventions in Prometheus' spelling; what has no convention is
 * named {@code partywall_…}.
 */
public final class Metrics {
  /** How many tenants have series of their own. */
  public static final int NAMED_TENANTS = 100;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final TenantSeries tenants;
  private final RequestMetrics requests;
  private final AwsCallMetrics awsCalls;
  private final Counter caches;

  /** Metrics in which {@code namedTenants} tenants have series of their own. */
  public Metrics(int namedTenants) {
    tenants = new TenantSeries(namedTenants);
    registry.register(tenants);
    requests = new RequestMetrics(registry, tenants);
    awsCalls = new AwsCallMetrics(registry);
    caches = counter("partywall_cache_requests", "Look-ups in a cache.", "cache", "result");
    JvmMetrics.register(registry);
  }

  /** The door that measures requests. It stands where the access log stands. */
  public Filter requests() {
    return requests;
  }

  /** To be given to each client of the AWS SDK: measures its calls. */
  public ExecutionInterceptor awsCalls() {
    return awsCalls;
  }

  /** Counts look-ups in the cache of that name, by result: {@code hit}, {@code miss}, … */
  public OutcomeCount cache(String name) {
    return new OutcomeCount(result -> caches.labelValues(name, result));
  }

  /** Shows a value as it is at the time of the scrape. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(gauge -> gauge.call(value.getAsDouble()))
        .register(registry);
  }

  /** Shows a count that only grows and that is kept elsewhere. */
  public void count(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(counter -> counter.call(value.getAsDouble()))
        .register(registry);
  }

  /** Decides anew which tenants are the busiest. To be called once a minute. */
  public void tick() {
    tenants.sweep();
  }

  /** {@code GET /metrics}, for the management port: it names tenants. */
  public Route route() {
    return Route.open("GET", "/metrics", new MetricsPage(registry));
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }
}
