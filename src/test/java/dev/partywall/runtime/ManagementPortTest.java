package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.OrderRoutes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests who can call the management port of a running service. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ManagementPortTest {
  @Test
  void rejectsOtherHostsAndOtherSitesOnEveryRoute(LocalDynamo dynamo) throws Exception {
    try (var services = new InProcessService(dynamo)) {
      var settings = services.settings(Map.of("PARTYWALL_MANAGEMENT_HOSTS", "scrape.example"));
      var service =
          InProcessService.awaitReady(
              Service.start(settings, ServiceFixture.declare(List.of(OrderRoutes::of))));
      try {
        for (var path : List.of("/health/live", "/health/ready", "/metrics", "/unknown")) {
          var misdirected = get(service, path, "Host: evil.example");
          assertEquals(421, misdirected.status(), path);
          assertTrue(misdirected.text().contains("\"title\":\"Misdirected Request\""));
          var crossSite = get(service, path, "Host: localhost\r\nSec-Fetch-Site: cross-site");
          assertEquals(403, crossSite.status(), path);
          assertTrue(crossSite.text().contains("/problems/orders/cross-site-request\""));
        }
        assertEquals(200, get(service, "/metrics", "Host: scrape.example:9090").status());
        var keys = get(service, "/.well-known/partywall-keys.json", "Host: localhost");
        assertEquals("{\"keys\":[]}", keys.text());
        assertEquals(404, get(service, "/unknown", "Host: 10.0.0.1").status());
        assertEquals(200, send(service, "GET /health/ready HTTP/1.0\r\n\r\n").status());
        var absolute = "GET http://evil.example/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
        var rejection = send(service, absolute);
        assertEquals(421, rejection.status());
        assertTrue(rejection.closesConnection()); // this port keeps no connection
        var page = get(service, "/metrics", "Host: localhost").text();
        assertEquals(
            Set.of(
                "partywall_management_requests_rejected_total{reason=\"misdirected\"} 5.0",
                "partywall_management_requests_rejected_total{reason=\"cross-site-request\"} 4.0"),
            page.lines()
                .filter(line -> line.startsWith("partywall_management_requests_rejected_total"))
                .collect(Collectors.toSet()));
      } finally {
        service.drain();
      }
    }
  }

  private static RawResponse get(Service service, String path, String fields) throws IOException {
    return send(service, "GET %s HTTP/1.1\r\n%s\r\n\r\n".formatted(path, fields));
  }

  private static RawResponse send(Service service, String head) throws IOException {
    try (var client = new RawClient(service.managementPort())) {
      return client.send(head.getBytes(StandardCharsets.ISO_8859_1)).read();
    }
  }
}
