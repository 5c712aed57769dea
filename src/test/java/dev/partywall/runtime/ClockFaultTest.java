package dev.partywall.runtime;

import static dev.partywall.concurrent.Conditions.await;
import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.server.RawClient;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Attributes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An instance whose clock differs from that of the registry, until it is set. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ClockFaultTest {
  private static final String FAULT =
      "The clock of the instance differs from that of the registry by ";

  private final LocalDynamo dynamo;
  private final ServicesWithOperators services;

  ClockFaultTest(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo;
    services = new ServicesWithOperators(dynamo);
  }

  @AfterEach
  void close() {
    services.close();
  }

  @Test
  void aDeletionIsDegradedWhileTheClockIsWrong() throws Exception {
    var ahead = new AtomicReference<>(Duration.ZERO);
    var _ = services.startWith(() -> Instant.now().plus(ahead.get()));
    var tenant = "{\"id\":\"acme\",\"name\":\"N\",\"tier\":\"free\"}";
    var json = "Content-Type: application/json";
    assertEquals(201, operator("POST", "/tenants", tenant, json));
    assertEquals(202, operator("DELETE", "/tenants/acme?retention=PT5S", "", "If-Match: *"));

    ahead.set(Duration.ofSeconds(95));
    await(() -> operation().has("degraded"), "the operation is not degraded");
    assertEquals("retention", operation().path("state").textValue());
    assertTrue(operation().path("reason").asText().startsWith(FAULT), operation()::toString);
    await(() -> clock().path("problem").asText().startsWith(FAULT), "the clock is not reported");
    assertEquals("degraded", health().path("status").textValue());
    timesOfChangesAreCorrected();

    ahead.set(Duration.ZERO);
    await(() -> !operation().has("degraded"), "the operation remains degraded");
    await(() -> clock().path("status").asText().equals("up"), "the clock remains wrong");
  }

  /** Later decisions depend on these times: the registry's Date has whole seconds. */
  private void timesOfChangesAreCorrected() throws IOException {
    var tenant = "{\"id\":\"globex\",\"name\":\"N\",\"tier\":\"free\"}";
    var json = "Content-Type: application/json";
    assertEquals(201, operator("POST", "/tenants", tenant, json, "Idempotency-Key: k"));
    assertEquals(202, operator("POST", "/tenants/globex/import", "{}", json));
    var now = Instant.now();
    assertFalse(Instant.parse(tenant("globex").path("createdAt").asText()).isAfter(now));
    var opened = tenant("globex").at("/operation/startedAt").asText();
    assertFalse(Instant.parse(opened).isAfter(now), opened);
    var endOfKey = now.plus(Duration.ofHours(24)).plusSeconds(1);
    assertFalse(expiryOfKey().isAfter(endOfKey), expiryOfKey()::toString);
  }

  /** Returns the expiry of the only idempotency key in the registry. */
  private Instant expiryOfKey() {
    try (var client = dynamo.client()) {
      return client
          .scan(scan -> scan.tableName(services.fixture.prefix + "tenants"))
          .items()
          .stream()
          .filter(item -> Attributes.requiredText(item, "pk").startsWith(".request#"))
          .map(item -> Instant.ofEpochSecond(Attributes.requiredNumber(item, "ttl")))
          .findFirst()
          .orElseThrow();
    }
  }

  private JsonNode health() throws IOException {
    return Json.parseStored(services.management(0, "/health/ready"));
  }

  private JsonNode clock() {
    try {
      for (var check : health().path("checks")) {
        if (check.path("name").asText().equals("clock")) {
          return check;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("the clock is not checked");
  }

  private int operator(String method, String path, String body, String... fields)
      throws IOException {
    try (var client = new RawClient(services.ports().getFirst())) {
      return send(client, method, path, services.operator(), body, fields).status();
    }
  }

  private JsonNode operation() {
    return tenant("acme").path("operation");
  }

  private JsonNode tenant(String id) {
    try (var client = new RawClient(services.ports().getFirst())) {
      return Json.parseStored(
          send(client, "GET", "/tenants/" + id, services.operator(), "").text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
