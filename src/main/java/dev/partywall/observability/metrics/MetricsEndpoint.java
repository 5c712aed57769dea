package dev.partywall.observability.metrics;

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
import java.util.regex.Pattern;

/**
 * Serves scrapes in Prometheus's text format 0.0.4, or in OpenMetrics 1.0 if the client's {@code
 * Accept} header names it with at least the same weight (RFC 9110, section 12.5.1).
 */
final class MetricsEndpoint implements Handler {
  private static final Pattern OPEN_METRICS = range("application/openmetrics-text");
  private static final Pattern TEXT = range("text/plain");
  private static final Pattern WEIGHT = Pattern.compile(";\\s*q=([01](?:\\.[0-9]{0,3})?)");

  private final PrometheusRegistry registry;
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

  MetricsEndpoint(PrometheusRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Response handle(Request request) {
    var accept = String.join(",", request.headers().all("Accept"));
    var openWeight = weight(accept, OPEN_METRICS);
    var writer = openWeight > 0 && openWeight >= weight(accept, TEXT) ? openMetrics : text;
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

  private static double weight(String accept, Pattern range) {
    var highest = 0.0;
    for (var matcher = range.matcher(accept); matcher.find(); ) {
      var weight = WEIGHT.matcher(matcher.group());
      highest = Math.max(highest, weight.find() ? Double.parseDouble(weight.group(1)) : 1);
    }
    return highest;
  }

  private static Pattern range(String type) {
    return Pattern.compile("(?i)(?<![^,\\s])" + Pattern.quote(type) + "\\s*(?:;[^,]*)?(?=,|$)");
  }
}
