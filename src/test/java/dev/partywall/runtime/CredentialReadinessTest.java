package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.OrderRoutes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the readiness of a service that has started while STS was unavailable. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@Timeout(60)
class CredentialReadinessTest {
  private final InProcessService services;

  CredentialReadinessTest(LocalDynamo dynamo) throws IOException {
    services = new InProcessService(dynamo);
  }

  @AfterEach
  void close() {
    services.close();
  }

  @Test
  void isReadyOnlyWhenEveryTenantCanBeServed() throws Exception {
    var sts = services.fixture.aws.aws().stsFaults();
    sts.dropConnections();
    var service = start(Map.of());
    try {
      awaitOnlyStsDown(service);
      assertEquals(503, orders(service));
      sts.restore();
      InProcessService.awaitReady(service);
      assertEquals(200, orders(service)); // without the pause after a failure
    } finally {
      service.drain();
    }
  }

  @Test
  void isReadyWithoutStsIfIsolationIsByKeysAlone() throws Exception {
    services.fixture.aws.aws().stsFaults().dropConnections();
    InProcessService.awaitReady(start(Map.of("PARTYWALL_ISOLATION", "application"))).drain();
  }

  private Service start(Map<String, String> variables) throws Exception {
    return Service.start(
        services.settings(variables), ServiceFixture.declare(List.of(OrderRoutes::of)));
  }

  private static void awaitOnlyStsDown(Service service) throws IOException {
    RawResponse response;
    do {
      response = get(service.managementPort(), "/health/ready", "");
      assertEquals(503, response.status(), response::text);
    } while (!down(response).equals(List.of("sts")));
    assertTrue(response.text().contains("no tenant credentials could be issued"), response::text);
  }

  private static List<String> down(RawResponse readiness) {
    return Json.parseStored(readiness.text())
        .get("checks")
        .valueStream()
        .filter(check -> check.get("status").textValue().equals("down"))
        .map(check -> check.get("name").textValue())
        .toList();
  }

  private int orders(Service service) throws IOException {
    var token = services.fixture.token("acme", "alice");
    return get(service.port(), "/orders", "Authorization: Bearer " + token + "\r\n").status();
  }

  private static RawResponse get(int port, String path, String fields) throws IOException {
    var head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
    try (var client = new RawClient(port)) {
      return client.send(head.getBytes(StandardCharsets.ISO_8859_1)).read();
    }
  }
}
