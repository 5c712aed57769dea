package dev.partywall.runtime;

import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.concurrent.Conditions;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.service.Capability;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the readiness of a service whose tenants an earlier release has served. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@Timeout(60)
class AdoptionReadinessTest {
  private final LocalDynamo dynamo;
  private final ServiceFixture fixture;
  private final HttpClient http = HttpClient.newHttpClient();

  AdoptionReadinessTest(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo;
    fixture = new ServiceFixture(dynamo);
  }

  @AfterEach
  void close() {
    http.close();
    fixture.close();
  }

  private Service start(String unknownTenants) throws Exception {
    var environment = new HashMap<>(fixture.environment());
    environment.put("PARTYWALL_UNKNOWN_TENANTS", unknownTenants);
    var capabilities = List.<Capability>of(OrderRoutes::of);
    var settings = Settings.from(environment, ServiceFixture.declare(capabilities));
    return ServiceFixture.start(settings, capabilities, InstantSource.system());
  }

  private void recordUsage(Duration age) {
    var meters = ServiceMeters.of(List.of());
    try (var client = dynamo.client()) {
      var ledger =
          new Ledger(client, fixture.prefix, meters, InstantSource.system(), new SecureRandom());
      var hour = Usage.startOfHour(Instant.now().minus(age));
      ledger.ship(new Batch(UUID.randomUUID(), 0, List.of(requests(ACME, hour, 1))));
    }
  }

  /** Writes a placement record as release 0.1.0 did. */
  private void recordPlacement() {
    var item =
        Map.of(
            "pk", AttributeValue.fromS("placements"),
            "sk", AttributeValue.fromS("acme"),
            "f", AttributeValue.fromN("1"),
            "placement", AttributeValue.fromS("silo"));
    try (var client = dynamo.client()) {
      client.putItem(put -> put.tableName(fixture.prefix + "tenants").item(item));
    }
  }

  private void register() {
    try (var client = dynamo.client()) {
      new DynamoTenantRegistry(client, fixture.prefix, InstantSource.system(), new SecureRandom())
          .create(RegistryFixture.tenant(ACME), Optional.empty());
    }
  }

  private HttpResponse<String> readiness(Service service) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + service.managementPort() + "/health/ready");
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static JsonNode registry(HttpResponse<String> readiness) {
    for (var check : Json.parseStored(readiness.body()).get("checks")) {
      if (check.get("name").asText().equals("registry")) {
        return check;
      }
    }
    throw new AssertionError(readiness.body());
  }

  /** Waits until every other dependency is healthy, and the registry has this problem. */
  private void assertNotReady(Service service) throws Exception {
    HttpResponse<String> readiness;
    do {
      Conditions.pause();
      readiness = readiness(service);
    } while (readiness.body().split("\"down\"", -1).length > 2
        || registry(readiness).path("problem").asText().startsWith("not "));
    assertEquals(503, readiness.statusCode(), readiness::body);
    assertEquals(
        "tenants not adopted: run the command adopt-tenants",
        registry(readiness).path("problem").asText());
  }

  @Test
  void isNotReadyAfterIdleDaysUntilTheTenantsAreRegistered() throws Exception {
    recordUsage(Duration.ofDays(30));
    var service = start("refuse");
    try {
      assertNotReady(service);
      register();
      InProcessService.awaitReady(service);
      assertEquals("up", registry(readiness(service)).get("status").asText());
    } finally {
      service.drain();
    }
  }

  @Test
  void isNotReadyIfAPlacementWouldBeIgnored() throws Exception {
    recordPlacement();
    var service = start("allow");
    try {
      assertNotReady(service);
    } finally {
      service.drain();
    }
  }

  @Test
  void isReadyIfUnknownTenantsAreServedFromThePool() throws Exception {
    recordUsage(Duration.ofHours(1));
    var service = start("allow");
    try {
      InProcessService.awaitReady(service);
      assertEquals("up", registry(readiness(service)).get("status").asText());
    } finally {
      service.drain();
    }
  }
}
