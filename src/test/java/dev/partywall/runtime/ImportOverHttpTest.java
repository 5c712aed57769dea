package dev.partywall.runtime;

import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.server.RawClient;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalTenants;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exports and imports over HTTP, with enforced isolation. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ImportOverHttpTest {
  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """;
  private static final String JSON = "Content-Type: application/json";

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
      LocalTenants.register(
          engine,
          services.fixture.prefix,
          List.of(
              TestPlacements.registration(new TenantId("acme"), new Placement.Pool()),
              TestPlacements.registration(new TenantId("globex"), new Placement.Pool()),
              TestPlacements.registration(new TenantId("copy"), new Placement.ShardedPool(3))));
      var acme = services.fixture.token("acme", "alice");
      for (var i = 0; i < 5; i++) {
        assertEquals(201, send(client, "POST", "/orders", acme, ORDER, JSON).status());
      }
      var file = export(services, "acme");
      var lines = items(file);
      assertEquals(5, lines.size(), file);

      assertEquals(
          202, request(services, "POST", "/tenants/copy/import?clone=true", "").statusCode());
      var copy = services.fixture.token("copy", "carol");
      var start = System.nanoTime();
      sendParts(services, "copy", file, 3);
      var completed = request(services, "POST", "/tenants/copy/import/complete", "");
      System.out.println("complete took " + (System.nanoTime() - start) / 1_000_000 + " ms");
      System.out.println(completed.statusCode() + completed.body());
      assertEquals(201, completed.statusCode(), completed::body);
    }
  }

  private String export(ServicesWithOperators services, String tenant) throws Exception {
    var response = request(services, "GET", "/tenants/" + tenant + "/export", "");
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
      ServicesWithOperators services, String method, String path, String body, String... headers)
      throws Exception {
    var request =
        builder(services, path)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
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
