package dev.partywall.observability;

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
 * The scrape: Prometheus' text format 0.0.4, or OpenMetrics 1.0 where the caller names it and likes
 * it at least as much (RFC 9110, section 12.5.1).
 */
final class MetricsPage implements Handler {
  private static final Pattern OPEN_METRICS = range("application/openmetrics-text");
  private static final Pattern TEXT = range("text/plain");
  private static final Pattern WEIGHT = Pattern.compile(";\\s*q=([01](?:\\.[0-9]{0,3})?)");

  private final PrometheusRegistry registry;
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

  MetricsPage(PrometheusRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Response handle(Request request) {
    var accept = String.join(",", request.headers().all("Accept"));
    var likesOpen = weight(accept, OPEN_METRICS);
    var writer = likesOpen > 0 && likesOpen >= weight(accept, TEXT) ? openMetrics : text;
    return Response.of(200, writer.getContentType(), page(writer)).with("Vary", "Accept");
  }

  private byte[] page(ExpositionFormatWriter writer) {
    var page = new ByteArrayOutputStream(32_768);
    try {
      writer.write(page, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail to be written", e);
    }
    return page.toByteArray();
  }

  private static double weight(String accept, Pattern range) {
    var most = 0.0;
    for (var it = range.matcher(accept); it.find(); ) {
      var weight = WEIGHT.matcher(it.group());
      most = Math.max(most, weight.find() ? Double.parseDouble(weight.group(1)) : 1);
    }
    return most;
  }

  private static Pattern range(String type) {
    return Pattern.compile("(?i)(?<![^,\\s])" + Pattern.quote(type) + "\\s*(?:;[^,]*)?(?=,|$)");
  }
}
