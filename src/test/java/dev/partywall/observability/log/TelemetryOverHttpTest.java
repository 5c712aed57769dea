package dev.partywall.observability.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.StreamWriter;
import dev.partywall.tenancy.Execution;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TelemetryOverHttpTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private static final StreamWriter WORDS =
      out -> {
        var trace = Execution.current().orElseThrow().ids().traceId();
        out.write(trace.getBytes(StandardCharsets.UTF_8));
        out.write(new byte[1]);
      };

  private static final StreamWriter FAILURE =
      out -> {
        out.write(new byte[5]);
        throw new IllegalStateException("secret-" + Thread.currentThread().getName());
      };

  private final HttpClient client = HttpClient.newHttpClient();
  private final TelemetryServer server;

  TelemetryOverHttpTest() throws IOException {
    var big = new byte[64 << 20];
    server =
        new TelemetryServer(
            Route.open("GET", "/big", _ -> Response.json(200, big)),
            Route.open("GET", "/stream", _ -> Response.stream(200, "text/plain", WORDS)),
            Route.open("GET", "/failing", _ -> Response.stream(200, "text/plain", FAILURE)));
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void writesOneAccessLinePerRequest() throws Exception {
    var response =
        get("/things/7", "Tenant", "acme", "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-00");
    var line = access(1).getFirst();
    assertEquals("GET", line.get("method").textValue());
    assertEquals("/things/{id}", line.get("route").textValue());
    assertEquals(200, line.get("status").intValue());
    assertEquals(7, line.get("bytesOut").intValue());
    assertTrue(line.get("durationMs").doubleValue() > 0);
    assertEquals("acme", line.get("tenant").textValue());
    assertEquals("premium", line.get("tier").textValue());
    assertEquals("alice", line.get("user").textValue());
    assertEquals(TRACE, line.get("traceId").textValue());
    assertEquals(
        response.headers().firstValue("X-Request-Id").orElseThrow(),
        line.get("requestId").textValue());
    assertFalse(line.has("aborted"));
  }

  @Test
  void writesAnAccessLineForRejectedAndFailedRequests() throws Exception {
    get("/nothing/here");
    access(1); // otherwise the line of the next request can be the first one
    get("/broken");
    var lines = access(2);
    assertEquals(404, lines.get(0).get("status").intValue());
    assertEquals("none", lines.get(0).get("route").textValue());
    assertEquals(500, lines.get(1).get("status").intValue());
    assertEquals("/broken", lines.get(1).get("route").textValue());
  }

  @Test
  void writesAnAccessLineForMalformedRequests() throws Exception {
    raw("GET /things/../7 HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n");
    var line = access(1).getFirst();
    assertEquals(400, line.get("status").intValue());
    assertEquals("none", line.get("route").textValue());
  }

  @Test
  void logsAnUnknownMethodAsOther() throws Exception {
    raw("SMUGGLE /things/7 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertEquals("_OTHER", access(1).getFirst().get("method").textValue());
  }

  @Test
  void marksAbortedResponses() throws Exception {
    abortDownload();
    var line = access(1).getFirst();
    assertTrue(line.get("aborted").booleanValue());
    assertTrue(line.get("bytesOut").longValue() < 64 << 20);
  }

  @Test
  void logsAndMeasuresStreams() throws Exception {
    var response = get("/stream", "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-00");
    access(1); // otherwise the line of the next request can be the first one
    assertThrows(IOException.class, () -> get("/failing"));

    var lines = access(2);
    assertEquals(TRACE + "\0", response.body());
    assertEquals(33, lines.get(0).get("bytesOut").intValue());
    assertFalse(lines.get(0).has("aborted"));
    assertEquals(TRACE, lines.get(0).get("traceId").textValue());
    assertEquals(200, lines.get(1).get("status").intValue());
    assertEquals(5, lines.get(1).get("bytesOut").intValue());
    assertTrue(lines.get(1).get("aborted").booleanValue());
    var metrics = get("/metrics").body();
    for (var line :
        List.of(
            "partywall_streams_total{http_route=\"/stream\",outcome=\"complete\"} 1.0",
            "partywall_streams_total{http_route=\"/failing\",outcome=\"incomplete\"} 1.0",
            "partywall_stream_sent_bytes_total{http_route=\"/stream\"} 33.0",
            "partywall_stream_sent_bytes_total{http_route=\"/failing\"} 5.0")) {
      assertTrue(metrics.contains(line), () -> line + " in " + metrics);
    }
  }

  @Test
  void auditsAChange() throws Exception {
    var put =
        HttpRequest.newBuilder(server.uri("/things/7"))
            .header("Tenant", "acme")
            .PUT(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    client.send(put, BodyHandlers.discarding());
    access(1);
    var entry =
        server.log.lines().stream()
            .filter(line -> line.path("action").asText().startsWith("PUT"))
            .findFirst()
            .orElseThrow();
    assertEquals("/things/7", entry.get("object").textValue());
    assertEquals("acme", entry.get("tenant").textValue());
  }

  @Test
  void measuresRequestsByRouteAndTenant() throws Exception {
    get("/things/7", "Tenant", "acme");
    get("/nothing/here", "Tenant", "globex");
    get("/broken");
    access(3);
    var page = get("/metrics").body();
    assertTrue(
        page.contains(
            "http_server_request_duration_seconds_count{error_type=\"\",http_request_method=\"GET\","
                + "http_response_status_code=\"200\",http_route=\"/things/{id}\",url_scheme=\"http\"} 1"),
        page);
    assertTrue(page.contains("error_type=\"500\""));
    assertTrue(
        page.contains(
            "http_server_active_requests{http_request_method=\"GET\",url_scheme=\"http\"} 1.0"));
    assertTrue(
        page.contains("partywall_tenant_requests_total{outcome=\"done\",tenant_id=\"acme\"} 1.0"));
    assertTrue(
        page.contains(
            "partywall_tenant_requests_total{outcome=\"rejected\",tenant_id=\"globex\"} 1.0"));
    assertTrue(page.contains("partywall_tenant_sent_bytes_total{tenant_id=\"acme\"} 7.0"));
    assertFalse(page.contains("/things/7"));
  }

  @Test
  void decrementsActiveRequestsForEveryOutcome() throws Exception {
    abortDownload();
    get("/nothing/here");
    access(2);
    assertTrue(
        get("/metrics")
            .body()
            .contains(
                "http_server_active_requests{http_request_method=\"GET\",url_scheme=\"http\"} 1.0"));
  }

  private void abortDownload() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoLinger(true, 0);
      send(socket, "GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertEquals('H', socket.getInputStream().read());
    }
  }

  private HttpResponse<String> get(String target, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(server.uri(target)).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private void raw(String message) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      send(socket, message);
      assertEquals('H', socket.getInputStream().read());
    }
  }

  private static void send(Socket socket, String message) throws IOException {
    socket.getOutputStream().write(message.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Waits for {@code count} access lines: a line is written after the response's last byte. */
  private List<JsonNode> access(int count) {
    while (true) {
      var lines =
          server.log.lines().stream()
              .filter(line -> line.get("logger").textValue().equals("access"))
              .toList();
      if (lines.size() >= count) {
        assertEquals(count, lines.size());
        return lines;
      }
      Conditions.pause();
    }
  }
}
