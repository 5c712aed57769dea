package dev.partywall.observability.metrics;

import dev.partywall.http.Accept;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * All metrics of this process, and the endpoint that exposes them. Names, units and attributes
 * follow OpenTelemetry's semantic conventions in Prometheus's spelling. Metrics without a
 * convention are named {@code partywall_…}.
 */
public final class Metrics {
  /** The maximum number of tenants with a series of their own. */
  public static final int MAX_NAMED_TENANTS = 100;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final TenantSeries tenants;
  private final AwsCallMetrics awsCallInterceptor;
  private final Counter caches;
  private final Counter peers;

  /** Creates metrics in which at most {@code namedTenants} tenants have a series of their own. */
  public Metrics(int namedTenants) {
    tenants = new TenantSeries(namedTenants);
    registry.register(tenants);
    awsCallInterceptor = new AwsCallMetrics(registry);
    caches = labelledCounter("partywall_cache_requests", "Cache lookups.", "cache", "result");
    peers = labelledCounter("partywall_peer_requests", "Calls to peers.", "peer", "outcome");
    JvmMetrics.register(registry);
  }

  /** Returns the registry of all metrics. */
  PrometheusRegistry registry() {
    return registry;
  }

  /** Returns the series per tenant. */
  TenantSeries tenants() {
    return tenants;
  }

  /** Returns the interceptor that measures AWS SDK calls. Attach it to each client. */
  public ExecutionInterceptor awsCallInterceptor() {
    return awsCallInterceptor;
  }

  /** Returns a counter of lookups in the named cache, by result: {@code hit}, {@code miss}, … */
  public OutcomeCounter cacheCounter(String name) {
    return new OutcomeCounter(result -> caches.labelValues(name, result));
  }

  /** Returns a counter of calls to the named peer, by outcome. */
  public OutcomeCounter peerCounter(String name) {
    return new OutcomeCounter(outcome -> peers.labelValues(name, outcome));
  }

  /** Returns a counter of rejections, by reason. */
  OutcomeCounter reasonCounter(String name, String help) {
    var counter = labelledCounter(name, help, "reason");
    return new OutcomeCounter(counter::labelValues);
  }

  /** Registers a gauge whose value is read at each scrape. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(gauge -> gauge.call(value.getAsDouble()))
        .register(registry);
  }

  /** Registers a counter whose value is read at each scrape. The value must never decrease. */
  public void counter(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(counter -> counter.call(value.getAsDouble()))
        .register(registry);
  }

  /**
   * Registers a counter with one series for each entry, which are read at each scrape.
   *
   * @param label the name of the label whose values are the keys
   * @param values the keys never change, and the values never decrease
   */
  public void counter(String name, String help, String label, Supplier<Map<String, Long>> values) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(label)
        .callback(counter -> values.get().forEach((key, value) -> counter.call(value, key)))
        .register(registry);
  }

  /** Updates the selection of the busiest tenants. Call this once per minute. */
  public void updateBusiestTenants() {
    tenants.updateRanking();
  }

  /** Returns {@code GET /metrics}. It names tenants, so serve it on the management port only. */
  public Route route() {
    return Route.open("GET", "/metrics", new MetricsEndpoint(registry));
  }

  private Counter labelledCounter(String name, String help, String... labels) {
    return Counter.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  /**
   * Serves scrapes in Prometheus's text format 0.0.4, or in OpenMetrics 1.0 if the client's {@code
   * Accept} header names it with at least the same weight (RFC 9110, section 12.5.1).
   */
  private static final class MetricsEndpoint implements Handler {
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String TEXT = "text/plain";

    private final PrometheusRegistry registry;
    private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
    private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

    MetricsEndpoint(PrometheusRegistry registry) {
      this.registry = registry;
    }

    @Override
    public Response handle(Request request) {
      var accept = Accept.of(request.headers());
      var openWeight = accept.namedWeight(OPEN_METRICS);
      var writer = openWeight > 0 && openWeight >= accept.namedWeight(TEXT) ? openMetrics : text;
      return Response.of(200, writer.getContentType(), page(writer)).with("Vary", "Accept");
    }

    private byte[] page(ExpositionFormatWriter writer) {
      var page = new ByteArrayOutputStream(32_768);
      try {
        writer.write(page, registry.scrape());
      } catch (IOException e) {
        throw new UncheckedIOException("Writing to memory failed", e);
      }
      return page.toByteArray();
    }
  }
}
