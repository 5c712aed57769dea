package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.receipt.VerifyReceipt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * The life of a tenant in a silo, and of its clone in the pool: registration, orders, export,
 * import, deletion, receipt, and the registration of the id again.
 */
final class TenantLife {
  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """;
  private static final List<String> JSON = List.of("Content-Type", "application/json");

  private final LocalDynamo dynamo;
  private final ServicesWithOperators services;
  private final RetryingOperator operator;
  private final Path folder;
  private final String id;
  private final String clone;

  TenantLife(
      LocalDynamo dynamo,
      ServicesWithOperators services,
      RetryingOperator operator,
      Path folder,
      String id) {
    this.dynamo = dynamo;
    this.services = services;
    this.operator = operator;
    this.folder = folder;
    this.id = id;
    this.clone = id + "-clone";
  }

  /** Lives with this number of orders. */
  void run(int orders) throws Exception {
    register(id, "silo");
    await(id, "active");
    placeOrders(orders);
    var file = export(id);
    assertEquals(orders, items(file).size());
    register(clone, "pool");
    restore(file);
    assertEquals(items(file), items(export(clone)));
    delete(id);
    delete(clone);
    await(id, "offboarded");
    await(clone, "offboarded");
    assertReceipt(
        id, "orders." + id, "{\"mark\":%d,\"order\":%d}".formatted(orders, orders), orders);
    assertReceipt(clone, "orders", "{\"order\":%d}".formatted(orders), 0);
  }

  private HttpResponse<byte[]> send(
      String method, String path, String body, List<String> fields, Integer... statuses)
      throws InterruptedException {
    return operator.send(
        services::operator,
        method,
        path,
        body.getBytes(StandardCharsets.UTF_8),
        fields,
        answer -> Set.of(statuses).contains(answer.statusCode()));
  }

  private void register(String tenant, String placement) throws InterruptedException {
    var body =
        "{\"id\":\"%s\",\"name\":\"N\",\"tier\":\"standard\",\"placement\":{\"kind\":\"%s\"}}"
            .formatted(tenant, placement);
    send("POST", "/tenants", body, JSON, 201, 202);
  }

  private JsonNode tenant(String tenant) throws InterruptedException {
    return RetryingOperator.json(send("GET", "/tenants/" + tenant, "", List.of(), 200));
  }

  private void await(String tenant, String status) throws InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    var found = tenant(tenant);
    while (!found.path("status").textValue().equals(status)) {
      assertTrue(System.nanoTime() < deadline, found::toString);
      TimeUnit.MILLISECONDS.sleep(200);
      found = tenant(tenant);
      assertFalse(found.path("status").textValue().equals("failed"), found::toString);
    }
  }

  /** Each order has an idempotency key, so a repetition places no second one. */
  private void placeOrders(int count) throws InterruptedException {
    for (var i = 0; i < count; i++) {
      operator.send(
          () -> services.fixture.token(id, "alice"),
          "POST",
          "/orders",
          ORDER.getBytes(StandardCharsets.UTF_8),
          List.of("Content-Type", "application/json", "Idempotency-Key", "\"" + i + "\""),
          answer -> answer.statusCode() == 201);
    }
  }

  /** Returns a complete export: its last line is the trailer. */
  private String export(String tenant) throws InterruptedException {
    Predicate<HttpResponse<byte[]>> complete =
        answer ->
            answer.statusCode() == 200
                && new String(answer.body(), StandardCharsets.UTF_8).contains("\"sha256\":\"");
    var answer =
        operator.send(
            services::operator,
            "GET",
            "/tenants/" + tenant + "/export",
            new byte[0],
            List.of(),
            complete);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static List<String> items(String file) {
    return file.lines().filter(line -> line.startsWith("{\"collection\"")).toList();
  }

  private void restore(String file) throws Exception {
    var path = "/tenants/" + clone + "/import";
    send("POST", path + "?clone=true", "", List.of(), 202);
    var bytes = file.getBytes(StandardCharsets.UTF_8);
    var digest =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    operator.send(
        services::operator,
        "PUT",
        path + "/parts/1",
        bytes,
        List.of("Content-Digest", "sha-256=:" + digest + ":"),
        answer -> answer.statusCode() / 100 == 2);
    send("POST", path + "/complete", "", List.of(), 201);
  }

  /** The response to a request that has begun the deletion can be lost. */
  private void delete(String tenant) throws InterruptedException {
    operator.send(
        services::operator,
        "DELETE",
        "/tenants/" + tenant + "?retention=PT0S",
        new byte[0],
        List.of("If-Match", "*"),
        answer ->
            answer.statusCode() == 202
                || RetryingOperator.text(answer).contains("status-not-changeable"));
  }

  private void assertReceipt(String tenant, String table, String collections, int expiring)
      throws Exception {
    var answer = send("GET", "/tenants/" + tenant + "/receipt", "", List.of(), 200);
    var jws = new String(answer.body(), StandardCharsets.UTF_8);
    var payload = Json.parse(Base64.getUrlDecoder().decode(jws.split("\\.", -1)[1]));
    assertEquals(
        "[{\"name\":\"%s%s\",\"collections\":%s,\"expiring\":%d}]"
            .formatted(services.fixture.prefix, table, collections, expiring),
        payload.path("tables").toString());
    var receipt = Files.writeString(folder.resolve(tenant + ".jws"), jws);
    var keys =
        Files.write(
            folder.resolve("keys.json"), operator.management("/.well-known/partywall-keys.json"));
    var out = new ByteArrayOutputStream();
    var status =
        VerifyReceipt.run(
            List.of(receipt.toString(), "--keys", keys.toString()),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            System.err);
    assertEquals(0, status, () -> out.toString(StandardCharsets.UTF_8));
  }

  /** Reads the tables without the service, and registers the id again. */
  void assertNothingIsLeft() throws IOException, InterruptedException {
    var prefix = services.fixture.prefix;
    try (var engine = dynamo.client()) {
      assertThrows(
          ResourceNotFoundException.class,
          () -> engine.describeTable(table -> table.tableName(prefix + "orders." + id)));
      for (var index : List.of("", "by-i1", "by-i2")) {
        assertEquals(0, count(engine, prefix + "orders", clone, index), index);
      }
      assertEquals(0, count(engine, prefix + "tenants", ".operations", ""));
    }
    var body = "{\"id\":\"%s\",\"name\":\"Second\",\"tier\":\"free\"}".formatted(id);
    var again = send("POST", "/tenants", body, JSON, 201);
    assertEquals("\"2.1\"", again.headers().firstValue("ETag").orElseThrow());
  }

  private static int count(DynamoDbClient engine, String table, String partition, String index) {
    return engine
        .query(query ->
            query
                .tableName(table)
                .indexName(index.isEmpty() ? null : index)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(partition))))
        .count();
  }

  /** Returns the texts of each audit entry that the life must have left. */
  List<List<String>> auditedEnds() {
    var object = "\"/tenants/" + id + "\"";
    var ofClone = "\"/tenants/" + clone + "\"";
    return List.of(
        List.of(object, "\"outcome\":\"done\"", "provisioning", "\"active\""),
        List.of(object, "\"outcome\":\"done\"", "offboarding", "\"offboarded\""),
        List.of(ofClone, "\"outcome\":\"done\"", "offboarding", "\"offboarded\""));
  }
}
