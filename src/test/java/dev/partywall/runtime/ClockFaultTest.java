package dev.partywall.runtime;

import static dev.partywall.concurrent.Conditions.await;
import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.server.RawClient;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
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

  private final ServicesWithOperators services;

  ClockFaultTest(LocalDynamo dynamo) throws IOException {
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

    ahead.set(Duration.ZERO);
    await(() -> !operation().has("degraded"), "the operation remains degraded");
    await(() -> clock().path("status").asText().equals("up"), "the clock remains wrong");
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
    try (var client = new RawClient(services.ports().getFirst())) {
      var tenant = send(client, "GET", "/tenants/acme", services.operator(), "");
      return Json.parseStored(tenant.text()).path("operation");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
