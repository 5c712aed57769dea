package dev.partywall.runtime;

import static dev.partywall.concurrent.Conditions.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Sha256;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.Schema;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The content of a second incarnation in shards, with enforced isolation. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ShardedIncarnationTest {
  private static final String REGISTRATION =
      """
      {"id":"acme","name":"N","tier":"free","placement":{"kind":"pool","shards":2}}\
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ServicesWithOperators services;
  private final DynamoDbClient engine;
  private final String pool;

  ShardedIncarnationTest(LocalDynamo dynamo) throws IOException {
    services = new ServicesWithOperators(dynamo);
    engine = dynamo.client();
    pool = services.fixture.prefix + "orders";
  }

  @AfterEach
  void close() {
    engine.close();
    http.close();
    services.close();
  }

  /** Registers the id of a deleted tenant again. An item of the deleted one remains. */
  @BeforeEach
  void registerAgain() throws Exception {
    var former =
        TestPlacements.registration(new TenantId("acme"), new Placement.ShardedPool(2))
            .withStatus(TenantStatus.OFFBOARDED, Instant.now());
    new DynamoTenantRegistry(
            engine, services.fixture.prefix, InstantSource.system(), new SecureRandom())
        .create(former, Optional.empty());
    putFormerItem(pool);
    services.start(1);
    var registered = send("POST", "", REGISTRATION, "Content-Type", "application/json");
    assertEquals(201, registered.statusCode(), registered::body);
    assertEquals("\"2.1\"", registered.headers().firstValue("ETag").orElseThrow());
  }

  private void putFormerItem(String table) {
    var item = Attributes.keyAndFormat("acme.0", "order#0");
    engine.putItem(put -> put.tableName(table).item(item));
  }

  @Test
  void isImportedExportedReplacedAndDeleted() throws Exception {
    assertEquals(202, send("POST", "/acme/import", "").statusCode());
    complete(file(1, 2, 3, 4));
    assertEquals(items(file(1, 2, 3, 4)), items(export()));
    assertEquals(Set.of("acme.0", "acme.i2.0", "acme.i2.1"), partitions());

    assertEquals(200, patch("{\"status\":\"suspended\"}", "\"2.1\"").statusCode());
    var replace = send("POST", "/acme/import?replace=true", "", "If-Match", "\"2.2\"");
    assertEquals(202, replace.statusCode(), replace::body);
    complete(file(2, 3, 5));
    assertEquals(items(file(2, 3, 5)), items(export()));

    var deleted = send("DELETE", "/acme?retention=PT0S", "", "If-Match", "\"2.2\"");
    assertEquals(202, deleted.statusCode(), deleted::body);
    await(
        () -> send("GET", "/acme/receipt?incarnation=2", "").statusCode() == 200,
        "the tenant is not deleted");
    var receipt = send("GET", "/acme/receipt?incarnation=2", "").body().split("\\.", -1)[1];
    var payload = Json.parse(Base64.getUrlDecoder().decode(receipt));
    assertEquals(3, payload.at("/tables/0/collections/order").intValue(), payload::toString);
    assertEquals(Set.of("acme.0"), partitions());
  }

  /** An empty export would look like a backup of a tenant without content. */
  @Test
  void aBackupOfTheFirstIncarnationIsNotExported() throws Exception {
    var table = pool + ".restored_0900";
    new TableProvisioning(engine, List.of(new Schema(table, List.of(), false))).createMissing();
    putFormerItem(table);
    var rejected = send("GET", "/acme/export?table=" + table, "");
    assertEquals(409, rejected.statusCode());
    assertTrue(rejected.body().contains("/table-of-earlier-incarnation\""), rejected::body);

    var mark = Attributes.keyAndFormat("acme.i2.1", ".mark#0");
    engine.putItem(put -> put.tableName(table).item(mark));
    var empty = send("GET", "/acme/export?table=" + table, "");
    assertEquals(200, empty.statusCode(), empty::body);
    assertEquals(List.of(), items(empty.body()));
  }

  /** Returns an export of the first incarnation with these orders. */
  private static String file(int... ids) {
    var lines =
        "{\"format\":\"partywall-export/1\",\"service\":\"orders\",\"tenant\":\"acme\","
            + "\"incarnation\":1,\"at\":\"2026-11-28T08:00:00.000Z\"}\n"
            + IntStream.of(ids)
                .mapToObj(ShardedIncarnationTest::line)
                .collect(Collectors.joining());
    var sha256 = Sha256.hex(lines.getBytes(StandardCharsets.UTF_8));
    return lines + "{\"counts\":{\"order\":%d},\"sha256\":\"%s\"}\n".formatted(ids.length, sha256);
  }

  private static String line(int id) {
    return "{\"collection\":\"order\",\"id\":\"%d\",\"version\":1,\"labels\":[],\"document\":{}}\n"
        .formatted(id);
  }

  private static List<String> items(String file) {
    return file.lines().filter(line -> line.startsWith("{\"collection\"")).toList();
  }

  /** Returns the partitions of the pool that have items. */
  private Set<String> partitions() {
    return engine.scan(scan -> scan.tableName(pool)).items().stream()
        .map(item -> Attributes.requiredText(item, "pk"))
        .collect(Collectors.toSet());
  }

  private String export() {
    var exported = send("GET", "/acme/export", "");
    assertEquals(200, exported.statusCode(), exported::body);
    assertTrue(exported.body().contains("\"incarnation\":2,"), exported::body);
    return exported.body();
  }

  private void complete(String file) throws Exception {
    var bytes = file.getBytes(StandardCharsets.UTF_8);
    var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    var field = "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
    var part = send("PUT", "/acme/import/parts/1", file, "Content-Digest", field);
    assertEquals(200, part.statusCode(), part::body);
    var path = "/acme/import/complete";
    await(() -> send("POST", path, "").statusCode() != 202, "the import is not completed");
    var completed = send("POST", path, "");
    assertEquals(201, completed.statusCode(), completed::body);
    assertFalse(completed.body().contains("\"unchanged\":true"), completed::body);
  }

  private HttpResponse<String> patch(String patch, String etag) {
    var type = "application/merge-patch+json";
    return send("PATCH", "/acme", patch, "Content-Type", type, "If-Match", etag);
  }

  private HttpResponse<String> send(String method, String path, String body, String... fields) {
    var port = services.ports().getFirst();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/tenants" + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + services.operator());
    if (fields.length > 0) {
      request.headers(fields);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
