package dev.partywall.observability.metrics;

import dev.partywall.http.Response.SendResult;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * Counts the streamed responses and their bytes by route. Their duration is in {@code
 * http.server.request.duration}, as for every response.
 */
final class StreamMetrics {
  private final Counter streams;
  private final Counter bytes;

  /** Adds the series to {@code registry}. */
  StreamMetrics(PrometheusRegistry registry) {
    streams =
        Counter.builder()
            .name("partywall_streams")
            .help("Ended response streams by outcome: complete or incomplete.")
            .labelNames("http_route", "outcome")
            .withoutExemplars()
            .register(registry);
    bytes =
        Counter.builder()
            .name("partywall_stream_sent_bytes")
            .help("Body bytes sent by response streams.")
            .labelNames("http_route")
            .withoutExemplars()
            .register(registry);
  }

  /**
   * Counts an ended stream.
   *
   * @param route the template of the route
   */
  void count(String route, SendResult sent) {
    streams.labelValues(route, sent.complete() ? "complete" : "incomplete").inc();
    bytes.labelValues(route).inc(sent.bytes());
  }
}
