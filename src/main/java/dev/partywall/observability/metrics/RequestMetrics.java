package dev.partywall.observability.metrics;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Response.SendResult;
import dev.partywall.http.RouteLabels;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantId;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A filter that measures requests from arrival to the last byte of the response: {@code
 * http.server.request.duration} and {@code http.server.active_requests}. Its position is next to
 * the access log.
 */
public final class RequestMetrics implements Filter {
  private static final double[] SECONDS = {
    .005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10
  };
  // The conventions require the label. The server itself does not support TLS.
  private static final String SCHEME = "http";

  private final Histogram duration;
  private final Gauge active;
  private final TenantSeries tenants;
  private final StreamMetrics streams;
  // The library looks up a series by a list of labels; this map avoids creating one per request.
  private final Map<RequestLabels, DistributionDataPoint> series = new ConcurrentHashMap<>();
  private final Map<String, GaugeDataPoint> gauges = new ConcurrentHashMap<>();

  /** The labels of a series. All three come from closed sets, which bounds the number of series. */
  private record RequestLabels(String method, String route, int status) {}

  /** Adds its series to {@code metrics}. Create one filter only: a name is registered once. */
  public RequestMetrics(Metrics metrics) {
    var registry = metrics.registry();
    tenants = metrics.tenants();
    duration = duration(registry);
    active = active(registry);
    streams = new StreamMetrics(registry);
  }

  private static Histogram duration(PrometheusRegistry registry) {
    return DurationHistogram.named(
            "http_server_request_duration", "Duration of HTTP server requests.", SECONDS)
        .labelNames(
            "http_request_method",
            "http_route",
            "http_response_status_code",
            "error_type",
            "url_scheme")
        .register(registry);
  }

  private static Gauge active(PrometheusRegistry registry) {
    return Gauge.builder()
        .name("http_server_active_requests")
        .help("Number of active HTTP server requests.")
        .labelNames("http_request_method", "url_scheme")
        .withoutExemplars()
        .register(registry);
  }

  @Override
  public Response filter(Request request, Handler next) {
    var gauge = gauges.computeIfAbsent(RouteLabels.method(request), this::gauge);
    gauge.inc();
    try {
      var response = next.handle(request);
      var execution = Execution.current();
      return response.onSent(sent -> {
        gauge.dec();
        measure(request, response.status(), execution, sent);
        if (response.writer().isPresent()) {
          streams.count(RouteLabels.template(request), sent);
        }
      });
    } catch (RuntimeException | Error e) {
      gauge.dec();
      throw e;
    }
  }

  private GaugeDataPoint gauge(String method) {
    return active.labelValues(method, SCHEME);
  }

  private void measure(
      Request request, int status, Optional<Execution> execution, SendResult sent) {
    var labels =
        new RequestLabels(RouteLabels.method(request), RouteLabels.template(request), status);
    series
        .computeIfAbsent(labels, this::series)
        .observe(Unit.nanosToSeconds(sent.duration().toNanos()));
    execution
        .flatMap(Execution::identity)
        .flatMap(RequestMetrics::tenantOf)
        .ifPresent(tenant -> tenants.count(tenant, status, sent));
  }

  // An operator's requests count for no tenant.
  private static Optional<TenantId> tenantOf(Identity identity) {
    return identity instanceof Identity.TenantUser user
        ? Optional.of(user.tenant())
        : Optional.empty();
  }

  // An attribute that does not apply is empty. Prometheus treats an empty label as absent.
  private DistributionDataPoint series(RequestLabels labels) {
    return duration.labelValues(
        labels.method,
        labels.route.equals(RouteLabels.NONE) ? "" : labels.route,
        Integer.toString(labels.status),
        labels.status >= 500 ? Integer.toString(labels.status) : "",
        SCHEME);
  }
}
