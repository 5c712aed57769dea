package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Schema;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.tenancy.TenantLocation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Exports of a service whose AWS enforces the policies. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ExportServiceTest {
  private static final Pattern UNITS =
      Pattern.compile("partywall_operation_units_total\\{operation=\"export\"} (\\S+)");

  private final LocalDynamo dynamo;
  private final ServicesWithOperators services;
  private final HttpClient http = HttpClient.newHttpClient();

  ExportServiceTest(LocalDynamo dynamo) throws Exception {
    this.dynamo = dynamo;
    services = new ServicesWithOperators(dynamo).start(1);
  }

  @AfterEach
  void close() {
    http.close();
    services.close();
  }

  @Test
  void readsTheTenantsOwnTableAndOneThatWasRestored() throws Exception {
    register("acme");
    register("globex");
    placeOrder("acme", "before");
    placeOrder("globex", "foreign");
    restore("restored_0900");
    placeOrder("acme", "after");
    var table = services.fixture.prefix + "orders.restored_0900";

    var live = items(export("/tenants/acme/export"));
    var restored = items(export("/tenants/acme/export?table=" + table));

    assertEquals(2, live.size());
    assertEquals(1, restored.size());
    assertTrue(live.contains(restored.getFirst()));
    assertTrue(restored.getFirst().contains("\"before\""), restored::getFirst);
    assertFalse(restored.getFirst().contains("\"labels\":[]"), restored::getFirst);
    assertEquals(
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":1,\"labels\":[],\"document\":{\"later\":1}}",
        String.join("", items(exportOfRestoredReplacement(table))));
    // The tenant's own credentials are not replaced by those for the other table.
    placeOrder("acme", "later");
    var unknown = send("GET", "/tenants/acme/export?table=" + table + "2", "");
    assertEquals(404, unknown.statusCode());
    assertTrue(unknown.body().contains("/problems/orders/table-not-found"), unknown::body);
    var silo = services.fixture.prefix + "orders.globex";
    assertEquals(400, send("GET", "/tenants/acme/export?table=" + silo, "").statusCode());
  }

  /**
   * The backup was taken after an import had replaced the content, before it deleted the former.
   */
  private String exportOfRestoredReplacement(String table) throws Exception {
    var location = new TenantLocation(table, List.of("acme"), 2);
    var revision = Attributes.keyAndFormat("acme", ".content");
    revision.put("rev", Attributes.number(2));
    try (var client = dynamo.client()) {
      copy(client, table, revision);
      var item = Item.of(new Key("order", "1"), "{\"later\":1}");
      copy(client, table, Attributes.of(location, item, Optional.empty()));
    }
    return export("/tenants/acme/export?table=" + table);
  }

  @Test
  void isCountedForTheOperatorAndNotForTheTenant() throws Exception {
    register("acme");
    placeOrder("acme", "one");
    var before = units();

    export("/tenants/acme/export");

    assertTrue(units() > before);
    var tenant = send("GET", "/tenants/acme", "");
    assertFalse(tenant.body().contains("\"operation\""), tenant::body);
  }

  private double units() throws Exception {
    var metrics = services.metrics(0);
    var matcher = UNITS.matcher(metrics);
    assertTrue(matcher.find(), "no units of exports");
    return Double.parseDouble(matcher.group(1));
  }

  /** Copies the table, as a restore to a point in time does. */
  private void restore(String name) {
    var table = services.fixture.prefix + "orders";
    try (var client = dynamo.client()) {
      new TableProvisioning(client, List.of(new Schema(table + "." + name, List.of(), false)))
          .createMissing();
      for (var item : client.scanPaginator(scan -> scan.tableName(table)).items()) {
        copy(client, table + "." + name, item);
      }
    }
  }

  private static void copy(DynamoDbClient client, String table, Map<String, AttributeValue> item) {
    assertTrue(item.containsKey(Attributes.PARTITION_KEY));
    client.putItem(put -> put.tableName(table).item(item));
  }

  private void register(String id) throws Exception {
    var body = "{\"id\":\"%s\",\"name\":\"%s\",\"tier\":\"premium\"}".formatted(id, id);
    assertEquals(201, send("POST", "/tenants", body).statusCode());
  }

  private void placeOrder(String tenant, String sku) throws Exception {
    var body =
        """
        {"currency":"EUR","items":[{"sku":"%s","name":"Brick","quantity":1,"unitPrice":5}]}\
        """
            .formatted(sku);
    var response = send("POST", "/orders", body, services.fixture.token(tenant, "alice"));
    assertEquals(201, response.statusCode(), response::body);
  }

  private String export(String path) throws Exception {
    var response = send("GET", path, "");
    assertEquals(200, response.statusCode(), response::body);
    var trailer = response.body().lines().toList().getLast();
    assertTrue(trailer.startsWith("{\"counts\":{\"order\":"), trailer);
    return response.body();
  }

  /** Returns the lines of the items. */
  private static List<String> items(String export) {
    var lines = export.lines().toList();
    assertEquals(
        "partywall-export/1",
        Json.parse(lines.getFirst().getBytes(StandardCharsets.UTF_8)).get("format").textValue());
    return lines.subList(1, lines.size() - 1);
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return send(method, path, body, services.operator());
  }

  private HttpResponse<String> send(String method, String path, String body, String token)
      throws Exception {
    var content = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + services.ports().getFirst() + path))
            .method(method, content)
            .header("Authorization", "Bearer " + token);
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
