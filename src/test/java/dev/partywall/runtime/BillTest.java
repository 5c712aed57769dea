package dev.partywall.runtime;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.service.Capability;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests the charges of the complete service. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class BillTest {
  private static final String PRICES =
      """
      {"currency":"EUR","cost":{"ordersPlaced":7},"tiers":{"free":{"ordersPlaced":1},"standard":{"ordersPlaced":20},
                                 "premium":{"ordersPlaced":300}}}
      """;
  private static final String PERIOD = "?from=2026-11-20T08:00:00Z&to=2026-11-20T09:00:00Z";

  private final LocalDynamo dynamo;
  private final ServiceFixture fixture;
  private final LocalOidcIssuer operators;
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;

  BillTest(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo;
    fixture = new ServiceFixture(dynamo);
    operators = fixture.issuer.operators("/operators");
  }

  @AfterEach
  void close() {
    http.close();
    fixture.close();
  }

  @Test
  void theRegistryAndNotTheTokenDeterminesThePrices() throws Exception {
    var service = start();
    var hour = Instant.parse("2026-11-20T08:00:00Z");
    var meters = ServiceFixture.declare(List.of(OrderRoutes::of)).meters();
    try (var client = dynamo.client()) {
      new Ledger(client, fixture.prefix, meters, InstantSource.system(), new SecureRandom())
          .setCount(
              new Usage.TenantHour(first(new TenantId("acme")), hour),
              meters.declared().getFirst(),
              2);
    }
    var operator =
        operators.operatorToken("olga", "tenants:read tenants:admin").signedBy(operators.key());
    var acme = "{\"id\":\"acme\",\"name\":\"Acme\",\"tier\":\"premium\"}";
    var created =
        send(
            request(service, "/tenants", operator)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(acme)));
    assertEquals(201, created.statusCode(), created::body);
    for (var tier : List.of("free", "standard", "premium")) {
      var token =
          fixture
              .issuer
              .token("acme", "alice", "usage:read")
              .claim("tenant_tier", tier)
              .signedBy(fixture.issuer.key());
      var usage = send(request(service, "/usage" + PERIOD, token));
      assertEquals(
          "{\"currency\":\"EUR\",\"lines\":[{\"tier\":\"premium\","
              + "\"from\":\"1970-01-01T00:00:00Z\",\"meter\":\"ordersPlaced\",\"amount\":2,"
              + "\"micros\":600,\"assumed\":true}],\"totalMicros\":600}",
          Json.parse(usage.body().getBytes(StandardCharsets.UTF_8)).path("charges").toString(),
          usage::body);
    }
    service.drain();
  }

  @Test
  void operatorsReadBillsWithTheCostAndTheUnusedParts() throws Exception {
    var from = Usage.startOfHour(Instant.now());
    var service = start();
    var operator =
        operators.operatorToken("olga", "tenants:read tenants:admin").signedBy(operators.key());
    var tenant = "{\"id\":\"acme\",\"name\":\"Acme\",\"tier\":\"premium\"}";
    var registration = request(service, "/tenants", operator).POST(BodyPublishers.ofString(tenant));
    assertEquals(201, send(registration.header("Content-Type", "application/json")).statusCode());
    var alice = token("orders:read orders:write usage:read");
    var bill = json(send(request(service, "/tenants/acme/usage", operator)));
    assertEquals("[\"order-notes\"]", bill.path("unusedPaidFeatures").toString());
    assertEquals(
        "[\"DELETE /orders/{id}\",\"GET /orders\",\"GET /orders/{id}\",\"GET /tenant\","
            + "\"GET /usage\",\"POST /orders\",\"PUT /orders/{id}\"]",
        bill.path("unusedRoutes").toString());
    assertEquals(0, bill.path("cost").path("totalMicros").asInt(-1));
    for (var path : List.of("/tenants/acme/usage", "/usage/tenants")) {
      var rejected = send(request(service, path, alice));
      assertEquals(403, rejected.statusCode());
      assertTrue(json(rejected).path("type").asText().endsWith("not-an-operator"));
    }
    assertEquals(201, placeOrderWithNote(service, alice));
    assertFalse(json(send(request(service, "/usage", alice))).has("cost"));
    service.drain();
    var used = usedSince(from, "acme");
    assertEquals(1, used.steps(UsageMeter.route("POST", "/orders")));
    assertEquals(1, used.steps(UsageMeter.route("GET", "/usage")));
    assertEquals(1, used.steps(UsageMeter.feature("order-notes")));
    for (var hour : hoursSince(from, "acme")) {
      assertEquals(Optional.of("premium"), hour.tier());
    }
  }

  @Test
  void aFeatureThatIsOffIsNotUsed() throws Exception {
    var from = Usage.startOfHour(Instant.now());
    var service = start();
    var operator =
        operators.operatorToken("olga", "tenants:read tenants:admin").signedBy(operators.key());
    var tenant = "{\"id\":\"acme\",\"name\":\"Acme\",\"tier\":\"free\"}";
    var registration = request(service, "/tenants", operator).POST(BodyPublishers.ofString(tenant));
    assertEquals(201, send(registration.header("Content-Type", "application/json")).statusCode());
    assertEquals(403, placeOrderWithNote(service, token("orders:write")));
    var bill = json(send(request(service, "/tenants/acme/usage", operator)));
    assertEquals("[]", bill.path("unusedPaidFeatures").toString());
    service.drain();
    var used = usedSince(from, "acme");
    assertEquals(1, used.steps(UsageMeter.route("POST", "/orders")));
    assertEquals(0, used.steps(UsageMeter.feature("order-notes")));
  }

  private int placeOrderWithNote(Service service, String token) throws Exception {
    var order =
        """
        {"currency":"EUR","note":"n","items":[{"sku":"A","name":"B","quantity":1,"unitPrice":9}]}
        """;
    var placed =
        request(service, "/orders", token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(order));
    return send(placed).statusCode();
  }

  /** Returns the sum of the usage in the ledger, which is complete after the drain. */
  private Amounts usedSince(Instant from, String tenant) {
    return hoursSince(from, tenant).stream()
        .map(Usage::amounts)
        .reduce(Amounts.ZERO, Amounts::plus);
  }

  private List<Usage> hoursSince(Instant from, String tenant) {
    var meters = ServiceFixture.declare(List.of(OrderRoutes::of)).meters();
    try (var client = dynamo.client()) {
      return new Ledger(client, fixture.prefix, meters, InstantSource.system(), new SecureRandom())
          .usage(first(new TenantId(tenant)), from, from.plus(Duration.ofHours(2)));
    }
  }

  private String token(String scopes) {
    return fixture.issuer.token("acme", "alice", scopes).signedBy(fixture.issuer.key());
  }

  private static JsonNode json(HttpResponse<String> response) {
    return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
  }

  private Service start() throws Exception {
    var environment = new HashMap<>(fixture.environment());
    environment.putAll(
        Map.of(
            "PARTYWALL_OPERATOR_ISSUERS", operators.name(),
            "PARTYWALL_PRICES",
                Files.writeString(folder.resolve("prices.json"), PRICES).toString()));
    var capabilities = List.<Capability>of(OrderRoutes::of);
    var settings = Settings.from(environment, ServiceFixture.declare(capabilities));
    return InProcessService.awaitReady(
        ServiceFixture.start(settings, capabilities, InstantSource.system()));
  }

  private static HttpRequest.Builder request(Service service, String path, String token) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
