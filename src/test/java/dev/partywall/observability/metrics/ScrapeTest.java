package dev.partywall.observability.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Response.SendResult;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricsProcessor;
import org.hawkular.agent.prometheus.walkers.CollectorPrometheusMetricsWalker;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrapeTest {
  private static final String OPEN = "application/openmetrics-text";
  private static final String PYTHON = System.getProperty("python", "python3");

  private final Metrics metrics = new Metrics(Metrics.MAX_NAMED_TENANTS);
  private final RequestMetrics requestMetrics = new RequestMetrics(metrics);

  @TempDir Path folder;

  @BeforeEach
  void recordMetrics() {
    metrics.gauge("partywall_verified_tokens", "Tokens \"cached\".\nA \\ backslash.", () -> 3);
    metrics.counter("partywall_log_lines_dropped", "Lines dropped.", () -> 0);
    metrics.cacheCounter("credentials").increment("hit");
    metrics.cacheCounter("quoted \"name\"\n\\").increment("miss");
    for (var i = 0; i < 300; i++) {
      request("tenant-" + i, i % 2 == 0 ? 200 : 503);
    }
    metrics.updateBusiestTenants();
  }

  @Test
  void exposesTheTextFormatToAThirdPartyParser() throws IOException {
    var walker = new CollectorPrometheusMetricsWalker();
    new TextPrometheusMetricsProcessor(
            new ByteArrayInputStream(scrape("text/plain").body()), walker)
        .walk();
    var names = new TreeSet<String>();
    walker.getAllMetricFamilies().forEach(family -> names.add(family.getName()));
    assertTrue(
        names.containsAll(
            Set.of(
                "http_server_request_duration_seconds",
                "http_server_active_requests",
                "partywall_tenant_requests_total",
                "partywall_cache_requests_total",
                "jvm_file_descriptor_count",
                "jvm_file_descriptor_limit",
                "jvm_memory_used_bytes",
                "jvm_thread_count")),
        names::toString);
  }

  @Test
  void exposesValidOpenMetrics() {
    var names = OpenMetricsValidator.validate(scrape(OPEN).body());
    assertTrue(
        names.containsAll(
            Set.of(
                "http_server_request_duration_seconds",
                "http_server_active_requests",
                "partywall_tenant_requests",
                "partywall_cache_requests",
                "jvm_file_descriptor_count",
                "jvm_file_descriptor_limit",
                "jvm_memory_used_bytes",
                "jvm_thread_count")),
        names::toString);
  }

  /** Runs only if the reference parser is installed; the tests above run everywhere. */
  @ParameterizedTest
  @CsvSource({"text,text/plain", "openmetrics," + OPEN})
  void exposesBothFormatsToTheReferenceParser(String format, String accept) throws Exception {
    assumeTrue(exit("-c", "import prometheus_client") == 0, "prometheus_client is not installed");
    var file = Files.write(folder.resolve(format), scrape(accept).body());
    assertEquals(0, exit("src/test/resources/scrape.py", format, file.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", OPEN})
  void staysSmallWithTenThousandActiveTenants(String accept) throws Exception {
    for (var i = 0; i < 10_000; i++) {
      request("tenant-" + i, 200);
    }
    metrics.updateBusiestTenants();
    var text = overHttp(accept);
    var series = text.lines().filter(line -> line.contains("tenant_id=")).toList();
    assertTrue(series.size() <= 101 * 5, () -> series.size() + " series");
    assertTrue(
        series.stream().anyMatch(line -> line.contains("\"_other\"")), "no series is named _other");
    assertTrue(text.length() < 100_000, () -> text.length() + " characters");
    if (accept.equals(OPEN)) {
      OpenMetricsValidator.validate(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Scrapes over HTTP, like Prometheus. */
  private String overHttp(String accept) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var router = new Router(List.of(metrics.route()));
    var chain = Filter.chain(List.of(new SelectRoute(router)), router.dispatchHandler());
    try (var server = JdkServer.start(address, chain, ListenerLimits.DEFAULT);
        var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
      var response =
          client.send(
              HttpRequest.newBuilder(uri).header("Accept", accept).build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(200, response.statusCode());
      return response.body();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|text/plain",
        "*/*|text/plain",
        "text/plain;version=0.0.4|text/plain",
        OPEN + "|" + OPEN,
        OPEN + ";version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3|" + OPEN,
        "text/plain;q=0.4, " + OPEN + "; version=1.0.0; q=0.3|text/plain",
        OPEN + ";q=0|text/plain",
        "x" + OPEN + "|text/plain",
      })
  void negotiatesTheFormat(String accept, String type) {
    var response = scrape(accept);
    assertTrue(response.headers().first("Content-Type").orElseThrow().startsWith(type));
    var isOpen = new String(response.body(), StandardCharsets.UTF_8).endsWith("# EOF\n");
    assertEquals(type.equals(OPEN), isOpen);
  }

  private int exit(String... arguments) throws Exception {
    var command = new java.util.ArrayList<>(List.of(arguments));
    command.addFirst(PYTHON);
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("out").toFile())
          .start()
          .waitFor();
    } catch (IOException e) {
      // The program is not installed.
      return -1;
    }
  }

  private Response scrape(String accept) {
    var headers = accept.isEmpty() ? Headers.NONE : Headers.NONE.with("Accept", accept);
    return metrics
        .route()
        .handler()
        .handle(Request.of("GET", RequestTarget.ROOT, headers, Body.NONE));
  }

  private void request(String tenant, int status) {
    var scope = TestExecution.create();
    scope.setIdentity(
        new Identity.TenantUser(
            new TenantId(tenant), Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN));
    var route = Route.open("GET", "/things/{id}", _ -> Response.of(status));
    var request =
        Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE)
            .with(new Match.Found(route, Map.of()));
    var response = scope.call(() -> requestMetrics.filter(request, route.handler()));
    response
        .listeners()
        .forEach(listener -> listener.accept(new SendResult(7, Duration.ofMillis(3), true)));
  }
}
