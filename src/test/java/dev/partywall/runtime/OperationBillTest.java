package dev.partywall.runtime;

import static dev.partywall.concurrent.Conditions.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.meter.Usage;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.runtime.WireUnits.Units;
import dev.partywall.service.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the operators' bills of a complete service with the capacity that DynamoDB has reported
 * on the wire.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OperationBillTest {
  /** The proxy recognises this form of an id. */
  private static final String TENANT = "fault-cost-1";

  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """;
  private static final String JSON = "Content-Type: application/json";

  private final Instant from = Usage.startOfHour(Instant.now());
  private final ServicesWithOperators services;
  private final AwsFaultProxy proxy;
  private final WireUnits units = new WireUnits();

  @TempDir Path folder;
  private Service service;

  OperationBillTest(LocalDynamo dynamo) throws IOException {
    services = new ServicesWithOperators(dynamo);
    proxy = new AwsFaultProxy(services.fixture.aws.aws().endpoint());
  }

  @BeforeEach
  void start() throws Exception {
    var environment = services.environment();
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", proxy.endpoint());
    environment.put(
        "PARTYWALL_PRICES",
        Files.writeString(folder.resolve("prices.json"), WireUnits.PRICES).toString());
    var capabilities = List.<Capability>of(OrderRoutes::of);
    var settings = Settings.from(environment, ServiceFixture.declare(capabilities));
    service =
        InProcessService.awaitReady(
            ServiceFixture.start(settings, capabilities, InstantSource.system()));
    var table = "\"" + services.fixture.prefix + "orders\"";
    // The service counts the tenant's orders at its own cost.
    proxy.inject(
        TENANT,
        call -> call.body().contains(table) && !call.body().contains("\"Select\":\"COUNT\""),
        units::record);
  }

  @AfterEach
  void close() throws IOException {
    service.drain();
    proxy.close();
    services.close();
  }

  @Test
  void anExportAndAnImportCostTheOperatorTheirUnitsAndTheTenantNothing() throws Exception {
    register(TENANT);
    placeOrders(TENANT, 3);
    var tenants = units.take();
    assertTrue(tenants.writes().signum() > 0);
    var file = export(TENANT);
    var operations = units.take();
    assertTrue(operations.reads().signum() > 0);
    assertBill(1, tenants, operations);

    setStatus("suspended");
    load(file, "replace");
    setStatus("active");
    var both = operations.plus(units.take());
    assertTrue(both.writes().signum() > 0);
    assertBill(1, tenants, both);
    await(() -> usage().status() == 200, "the tenant is not served");
    var usage = json(usage());
    assertTrue(tenants.isSame(usage.path("totals")), usage::toString);
    assertEquals(tenants.chargedMicros(), usage.at("/charges/totalMicros").asLong());
    assertFalse(usage.has("operations") || usage.has("cost"), usage::toString);
  }

  /** The tenant never sends a request, so nothing is counted in its table. */
  @Test
  void aDeletionCostsTheIncarnationThatIsDeleted() throws Exception {
    register("source");
    placeOrders("source", 2);
    var file = export("source");
    register(TENANT);
    load(file, "clone");
    var load = units.take();
    operator("DELETE", "/tenants/" + TENANT + "?retention=PT0S", "", "If-Match: *");
    await(() -> tenant().path("status").asText().equals("offboarded"), "the tenant is not deleted");
    var deletion = units.take();
    assertTrue(deletion.reads().signum() > 0 && deletion.writes().signum() > 0);
    assertBill(1, Units.ZERO, load.plus(deletion));
    register(TENANT);
    assertBill(1, Units.ZERO, load.plus(deletion));
    assertBill(2, Units.ZERO, Units.ZERO);
  }

  /** Waits until the ledger has these units, and compares the bill with them. */
  private void assertBill(int incarnation, Units tenants, Units operations) {
    await(
        () -> {
          var bill = bill(incarnation);
          return tenants.isSame(bill.path("totals")) && operations.isSame(bill.path("operations"));
        },
        "the bill of incarnation " + incarnation + " has other units than " + operations);
    var bill = bill(incarnation);
    var list = json(operator("GET", "/usage/tenants?from=" + from, ""));
    var entry =
        list.path("tenants")
            .valueStream()
            .filter(each -> each.path("tenant").asText().equals(TENANT))
            .toList()
            .get(incarnation - 1);
    for (var each : List.of(bill, entry)) {
      assertEquals(operations.costMicros(), each.at("/operations/costMicros").asLong());
      assertEquals(tenants.plus(operations).costMicros(), each.at("/cost/totalMicros").asLong());
      assertEquals(tenants.chargedMicros(), each.at("/charges/totalMicros").asLong());
    }
  }

  private JsonNode bill(int incarnation) {
    return json(
        operator(
            "GET",
            "/tenants/%s/usage?incarnation=%d&from=%s".formatted(TENANT, incarnation, from),
            ""));
  }

  private RawResponse usage() {
    return send(
        "GET", "/usage?from=" + from, services.fixture.token(TENANT, "alice", "usage:read"), "");
  }

  private JsonNode tenant() {
    return json(operator("GET", "/tenants/" + TENANT, ""));
  }

  private void register(String tenant) {
    var body = "{\"id\":\"%s\",\"name\":\"Cost\",\"tier\":\"premium\"}".formatted(tenant);
    assertEquals(201, operator("POST", "/tenants", body, JSON).status());
  }

  private void placeOrders(String tenant, int count) {
    var token = services.fixture.token(tenant, "alice");
    for (var i = 0; i < count; i++) {
      var placed = send("POST", "/orders", token, ORDER, JSON);
      assertEquals(201, placed.status(), placed::text);
    }
  }

  private String export(String tenant) throws Exception {
    var uri = URI.create("http://127.0.0.1:%d/tenants/%s/export".formatted(service.port(), tenant));
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + services.operator());
      return http.send(request.build(), BodyHandlers.ofString()).body();
    }
  }

  private void load(String file, String parameter) throws Exception {
    var path = "/tenants/" + TENANT + "/import";
    var opened = operator("POST", path + "?" + parameter + "=true", "", "If-Match: *");
    assertEquals(202, opened.status(), opened::text);
    var bytes = file.getBytes(StandardCharsets.UTF_8);
    var sha256 = MessageDigest.getInstance("SHA-256").digest(bytes);
    var digest = "Content-Digest: sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
    assertEquals(200, operator("PUT", path + "/parts/1", file, digest).status());
    await(() -> isComplete(operator("POST", path + "/complete", "")), "the import is not complete");
  }

  /** On a busy machine, the request can end at its time limit before the import ends. */
  private boolean isComplete(RawResponse answer) {
    if (answer.status() == 503) {
      assertEquals("The request timed out.", json(answer).path("detail").asText(), answer::text);
      return false;
    }
    assertEquals(2, answer.status() / 100, answer::text);
    return !tenant().has("operation");
  }

  private void setStatus(String status) {
    var patched =
        operator(
            "PATCH",
            "/tenants/" + TENANT,
            "{\"status\":\"%s\"}".formatted(status),
            "If-Match: *",
            "Content-Type: application/merge-patch+json");
    assertEquals(200, patched.status(), patched::text);
  }

  private RawResponse operator(String method, String path, String body, String... fields) {
    return send(method, path, services.operator(), body, fields);
  }

  private RawResponse send(
      String method, String path, String token, String body, String... fields) {
    try (var connection = new RawClient(service.port())) {
      return ServicesWithOperators.send(connection, method, path, token, body, fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(RawResponse response) {
    var text = response.text();
    return Json.parseStored(text.substring(text.indexOf('{')));
  }
}
