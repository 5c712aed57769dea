package dev.partywall.observability.metrics;

import dev.partywall.http.Accept;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Serves scrapes in Prometheus's text format 0.0.4, or in OpenMetrics 1.0 if the client's {@code
 * Accept} header names it with at least the same weight (RFC 9110, section 12.5.1).
 */
final class MetricsEndpoint implements Handler {
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
