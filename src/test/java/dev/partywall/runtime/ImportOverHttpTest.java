package dev.partywall.runtime;

import static dev.partywall.concurrent.Conditions.await;
import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.ConsoleExample;
import dev.partywall.http.server.RawClient;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalTenants;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Exports and imports over HTTP, with enforced isolation. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ImportOverHttpTest {
  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """;
  private static final String JSON = "Content-Type: application/json";

  @TempDir Path folder;

  private final LocalDynamo dynamo;
  private final HttpClient http = HttpClient.newHttpClient();

  ImportOverHttpTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
  }

  @Test
  void aCloneHasTheSameItemsAndAReplacementRestoresThem() throws Exception {
    try (var services = new ServicesWithOperators(dynamo).start(1);
        var engine = dynamo.client();
        var client = new RawClient(services.ports().getFirst())) {
      var pool = new Placement.Pool();
      var acme = TestPlacements.registration(new TenantId("acme"), pool);
      var copy = TestPlacements.registration(new TenantId("copy"), new Placement.ShardedPool(3));
      LocalTenants.register(engine, services.fixture.prefix, List.of(acme, copy));
      var token = services.fixture.token("acme", "alice");
      for (var i = 0; i < 3; i++) {
        assertEquals(201, send(client, "POST", "/orders", token, ORDER, JSON).status());
      }
      var file = export(services, "acme");
      assertEquals(3, items(file).size(), file);
      assertClone(services, client, file);
      send(client, "POST", "/orders", token, ORDER, JSON);
      var tour = startTour(services);
      try {
        assertReplacement(services, client, file);
        assertTrue(tour.waitFor(90, TimeUnit.SECONDS));
        assertEquals(tour().output(), Files.readAllLines(folder.resolve("output")));
      } finally {
        tour.descendants().forEach(ProcessHandle::destroyForcibly);
        tour.destroyForcibly();
      }
    }
  }

  private static ConsoleExample tour() throws IOException {
    return ConsoleExample.of(
        Path.of("docs/operations.md"), "### Back up, lose, restore and verify");
  }

  /** Replaces only the ports. */
  private Process startTour(ServicesWithOperators services) throws IOException {
    var commands =
        String.join("\n", tour().commands())
            .replace("127.0.0.1:9000", URI.create(services.fixture.issuer.name()).getAuthority())
            .replace("127.0.0.1:8080", "127.0.0.1:" + services.ports().getFirst());
    Files.createDirectories(folder.resolve("target"));
    return new ProcessBuilder("bash", "-c", commands)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private void assertClone(ServicesWithOperators services, RawClient client, String file)
      throws Exception {
    assertProblem(409, "import-not-open", sendPart(services, "copy", 1, new byte[1]));
    var opened = request(services, "POST", "/tenants/copy/import?clone=true");
    assertEquals(202, opened.statusCode(), opened::body);
    assertEquals("/tenants/copy", opened.headers().firstValue("Location").orElseThrow());
    assertTrue(opened.body().contains("\"operation\":{\"kind\":\"import\""), opened::body);
    assertEquals(
        opened.body(), request(services, "POST", "/tenants/copy/import?clone=true").body());
    assertProblem(409, "operation-in-progress", request(services, "POST", "/tenants/copy/import"));
    assertRejectsDigests(services);
    sendParts(services, "copy", file.substring(0, file.length() - 10), 3);
    var damaged = request(services, "POST", "/tenants/copy/import/complete");
    assertProblem(422, "import-invalid", damaged);
    assertTrue(damaged.body().contains("Line 5 has no end: the file is truncated."));
    assertNotServed(services, client);
    sendParts(services, "copy", file, 3);
    var completed = request(services, "POST", "/tenants/copy/import/complete");
    assertEquals(201, completed.statusCode(), completed::body);
    assertEquals("{\"counts\":{\"order\":3},\"unchanged\":false}", completed.body());
    var repeated = request(services, "POST", "/tenants/copy/import/complete");
    assertEquals(completed.body(), repeated.body());
    assertEquals(items(file), items(export(services, "copy")));
    var own = services.fixture.token("copy", "carol");
    await(() -> status(client, own) == 200, "the tenant of a completed import is not served");
  }

  /** The parts of a file are stored, but no token reaches the tenant. */
  private void assertNotServed(ServicesWithOperators services, RawClient client)
      throws IOException {
    var own = services.fixture.token("copy", "carol");
    await(() -> status(client, own) == 403, "the tenant of an open import is served");
    var list = send(client, "GET", "/orders", own, "");
    assertTrue(list.text().contains("/tenant-not-active\""), list::text);
    assertEquals(403, sendOnce(services, "POST", "/orders", own, ORDER));
    var other = services.fixture.token("acme", "alice", "orders:read tenants:admin");
    for (var path : List.of("/tenants/copy/import", "/tenants/copy/import/complete")) {
      var rejected = send(client, "POST", path, other, "");
      assertEquals(403, rejected.status(), rejected::text);
      assertTrue(rejected.text().contains("/not-an-operator\""), rejected::text);
    }
    assertEquals(403, sendOnce(services, "PUT", "/tenants/copy/import/parts/1", own, "x"));
    var orders = send(client, "GET", "/orders?limit=100", other, "");
    assertEquals(3, orders.text().split("\"version\"", -1).length - 1, orders::text);
  }

  /** A connection ends after a request whose body is not parsed. */
  private static int sendOnce(
      ServicesWithOperators services, String method, String path, String token, String body)
      throws IOException {
    try (var client = new RawClient(services.ports().getFirst())) {
      return send(client, method, path, token, body, JSON).status();
    }
  }

  private void assertRejectsDigests(ServicesWithOperators services) throws Exception {
    var path = "/tenants/copy/import/parts/1";
    var part = BodyPublishers.ofString("part");
    var without = builder(services, path).PUT(part).build();
    assertProblem(400, "digest-required", http.send(without, BodyHandlers.ofString()));
    var wrong =
        builder(services, path)
            .PUT(part)
            .header("Content-Digest", "sha-256=:" + "A".repeat(43) + "=:")
            .build();
    assertProblem(400, "digest-mismatch", http.send(wrong, BodyHandlers.ofString()));
    assertEquals(404, sendPart(services, "copy", 0, new byte[1]).statusCode());
    assertEquals(404, sendPart(services, "copy", 10_001, new byte[1]).statusCode());
  }

  private void assertReplacement(ServicesWithOperators services, RawClient client, String file)
      throws Exception {
    var replace = "/tenants/acme/import?replace=true";
    assertEquals(428, request(services, "POST", replace).statusCode());
    assertProblem(
        409, "tenant-not-suspended", request(services, "POST", replace, "If-Match", "\"1\""));
    var suspended = patch(services, "{\"status\":\"suspended\"}", "\"1\"");
    assertEquals(200, suspended.statusCode(), suspended::body);
    assertEquals(412, request(services, "POST", replace, "If-Match", "\"1\"").statusCode());
    assertEquals(202, request(services, "POST", replace, "If-Match", "\"2\"").statusCode());
    var cancelled = patch(services, "{\"operation\":null}", "\"2\"");
    assertEquals(200, cancelled.statusCode(), cancelled::body);
    await(() -> !representation(services).contains("\"operation\""), "the import is not cancelled");
    assertEquals(4, items(export(services, "acme")).size());
    assertEquals(202, request(services, "POST", replace, "If-Match", "\"2\"").statusCode());
    sendParts(services, "acme", file, 1);
    var completed = request(services, "POST", "/tenants/acme/import/complete");
    assertEquals(201, completed.statusCode(), completed::body);
    assertEquals(items(file), items(export(services, "acme")));
    assertEquals(200, patch(services, "{\"status\":\"active\"}", "\"2\"").statusCode());
    var token = services.fixture.token("acme", "alice");
    await(() -> status(client, token) == 200, "the restored tenant is not served");
    assertServed(client, token);
  }

  /** Requests read and write the new revision of the content, also by its indexes. */
  private static void assertServed(RawClient client, String token) throws IOException {
    var placed = send(client, "POST", "/orders", token, ORDER, JSON);
    assertEquals(201, placed.status(), placed::text);
    for (var query : List.of("limit=100", "user=me", "status=placed", "status=placed&user=alice")) {
      var list = send(client, "GET", "/orders?" + query, token, "");
      assertEquals(4, list.text().split("\"version\"", -1).length - 1, list::text);
      assertTrue(list.text().startsWith("{\"orders\":[" + placed.text()), list::text);
    }
    var first = send(client, "GET", "/orders?limit=1", token, "");
    var next = Json.parseStored(first.text()).get("next").textValue();
    var second = send(client, "GET", "/orders?limit=2&cursor=" + next, token, "");
    assertFalse(second.text().contains(placed.text()), second::text);
    assertEquals(2, second.text().split("\"version\"", -1).length - 1, second::text);
  }

  private HttpResponse<String> patch(ServicesWithOperators services, String patch, String etag)
      throws Exception {
    var request =
        builder(services, "/tenants/acme")
            .method("PATCH", BodyPublishers.ofString(patch))
            .header("Content-Type", "application/merge-patch+json")
            .header("If-Match", etag);
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private String representation(ServicesWithOperators services) {
    try {
      return request(services, "GET", "/tenants/acme").body();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static int status(RawClient client, String token) {
    try {
      return send(client, "GET", "/tenant", token, "").status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertProblem(int status, String type, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response::body);
    assertTrue(response.body().contains("/" + type + "\""), response::body);
  }

  private String export(ServicesWithOperators services, String tenant) throws Exception {
    var response = request(services, "GET", "/tenants/" + tenant + "/export");
    assertEquals(200, response.statusCode(), response::body);
    return response.body();
  }

  private static List<String> items(String file) {
    return file.lines().filter(line -> line.startsWith("{\"collection\"")).toList();
  }

  private void sendParts(ServicesWithOperators services, String tenant, String file, int parts)
      throws Exception {
    var bytes = file.getBytes(StandardCharsets.UTF_8);
    for (var i = 0; i < parts; i++) {
      var part =
          Arrays.copyOfRange(bytes, i * bytes.length / parts, (i + 1) * bytes.length / parts);
      var response = sendPart(services, tenant, i + 1, part);
      assertEquals(200, response.statusCode(), response::body);
    }
  }

  private HttpResponse<String> sendPart(
      ServicesWithOperators services, String tenant, int number, byte[] part) throws Exception {
    var digest =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(part));
    return http.send(
        builder(services, "/tenants/" + tenant + "/import/parts/" + number)
            .PUT(BodyPublishers.ofByteArray(part))
            .header("Content-Digest", "sha-256=:" + digest + ":")
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> request(
      ServicesWithOperators services, String method, String path, String... headers)
      throws Exception {
    var request = builder(services, path).method(method, BodyPublishers.noBody());
    for (var i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder builder(ServicesWithOperators services, String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + services.ports().getFirst() + path))
        .header("Authorization", "Bearer " + services.operator());
  }
}
