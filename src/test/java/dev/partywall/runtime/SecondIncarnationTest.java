package dev.partywall.runtime;

import static dev.partywall.concurrent.Conditions.await;
import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalTenants;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Uses the values of a tenant's first incarnation in its second one. The items of the first one are
 * not deleted: the values must not work even if the same items still exist.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class SecondIncarnationTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """;
  private static final String REPLACEMENT =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":2,"unitPrice":99}],\
      "status":"placed"}\
      """;
  private static final String JSON = "Content-Type: application/json";
  private static final String KEY = "Idempotency-Key: \"k\"";

  private final LocalDynamo dynamo;

  SecondIncarnationTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
  }

  @Test
  void theValuesOfTheFirstIncarnationDoNotWork() throws Exception {
    try (var services = new ServicesWithOperators(dynamo).start(1);
        var engine = dynamo.client();
        var client = new RawClient(services.ports().getFirst())) {
      var prefix = services.fixture.prefix;
      var first = TestPlacements.registration(ACME, new Placement.Pool());
      LocalTenants.register(engine, prefix, List.of(first));
      var issued = Instant.now().getEpochSecond() - 2;
      var former = services.fixture.issuer.token("acme", "alice", "orders:read orders:write");
      var formerToken = former.claim("iat", issued).signedBy(services.fixture.issuer.key());
      var order = send(client, "POST", "/orders", formerToken, ORDER, JSON, KEY);
      assertEquals(201, order.status(), order::text);
      assertEquals("\"1\"", order.field("ETag").orElseThrow());
      send(client, "POST", "/orders", formerToken, ORDER, JSON);
      var formerCursor = next(send(client, "GET", "/orders?limit=1", formerToken, ""));
      registerAgain(engine, prefix, first);
      await(() -> status(client, formerToken) == 401, "the first incarnation is still served");

      var token = services.fixture.token("acme", "alice");
      var path = order.field("Location").orElseThrow();
      var read = send(client, "GET", path, token, "", "If-None-Match: \"1\"");
      assertEquals(200, read.status(), "the former entity tag does not match");
      assertEquals("\"2.1\"", read.field("ETag").orElseThrow());
      assertEquals(412, replace(client, path, token, "\"1\"").status());
      var replaced = replace(client, path, token, "\"2.1\"");
      assertEquals(200, replaced.status(), replaced::text);
      assertEquals("\"2.2\"", replaced.field("ETag").orElseThrow());
      var page = send(client, "GET", "/orders?limit=1&cursor=" + formerCursor, token, "");
      assertEquals(400, page.status(), page::text);
      assertTrue(page.text().contains("The cursor does not belong to this list."), page::text);
      var cursor = next(send(client, "GET", "/orders?limit=1", token, ""));
      var second = send(client, "GET", "/orders?limit=1&cursor=" + cursor, token, "");
      assertEquals(200, second.status(), second::text);
      var repeated = send(client, "POST", "/orders", token, ORDER, JSON, KEY);
      assertEquals(201, repeated.status(), repeated::text);
      assertNotEquals(path, repeated.field("Location").orElseThrow(), "it is a new order");
      assertEquals(
          repeated.field("Location"),
          send(client, "POST", "/orders", token, ORDER, JSON, KEY).field("Location"));
    }
  }

  private static RawResponse replace(RawClient client, String path, String token, String etag)
      throws IOException {
    return send(client, "PUT", path, token, REPLACEMENT, JSON, "If-Match: " + etag);
  }

  private static int status(RawClient client, String token) {
    try {
      return send(client, "GET", "/tenant", token, "").status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String next(RawResponse page) {
    return Json.parseStored(page.text().substring(page.text().indexOf('{')))
        .required("next")
        .textValue();
  }

  private static void registerAgain(DynamoDbClient engine, String prefix, TenantRecord first) {
    var registry =
        new DynamoTenantRegistry(engine, prefix, InstantSource.system(), new SecureRandom());
    assertInstanceOf(
        Change.Replaced.class,
        registry.replace(record(first, TenantStatus.OFFBOARDED, first.createdAt(), 2, 1)));
    var second = record(first, TenantStatus.ACTIVE, Instant.now(), 1, 2);
    LocalTenants.register(engine, prefix, List.of(second));
  }

  private static TenantRecord record(
      TenantRecord first, TenantStatus status, Instant createdAt, long version, int incarnation) {
    return new TenantRecord(
        first.id(),
        first.name(),
        first.tier(),
        status,
        first.placement(),
        first.overrides(),
        first.issuers(),
        createdAt,
        createdAt,
        version,
        incarnation);
  }
}
