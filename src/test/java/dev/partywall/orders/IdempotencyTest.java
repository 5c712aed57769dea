package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.partywall.concurrent.Conditions;
import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.OrdersFixture.OrdersApiResponse;
import dev.partywall.orders.OrdersFixture.TestCaller;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Outcome;
import dev.partywall.storage.PlacementKind;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PlacementKind.class)
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class IdempotencyTest {
  private static final String OTHER = OrdersFixture.BRICKS.replace("990", "991");

  private final OrdersFixture api;

  IdempotencyTest(PlacementKind kind, LocalDynamo dynamo) throws IOException {
    api = new OrdersFixture(dynamo, kind);
  }

  @AfterEach
  void close() throws IOException {
    api.close();
  }

  @Test
  void repeatsTheOriginalResponseEvenIfTheOrderHasChanged() {
    var first = postWithKey("k");
    api.put(first.id(), OTHER, "If-Match", "*");
    assertSame(first, postWithKey("k"));
    api.delete(first.id());
    assertSame(first, postWithKey("k"));
    assertEquals(0, orders());
  }

  @Test
  void treatsQuotedAndBareKeysAsEqual() {
    assertSame(postWithKey("8e03978e-40d5-43dd"), postWithKey("\"8e03978e-40d5-43dd\""));
    assertEquals(1, orders());
  }

  @Test
  void rejectsADifferentBodyWithTheSameKey() {
    postWithKey("k");
    var reused = api.post(OTHER, "Idempotency-Key", "k");
    assertEquals(422, reused.status());
    assertEquals("idempotency-key-reused", reused.problemType());
    assertEquals(422, api.post("{}", "Idempotency-Key", "k").status());
    assertEquals(1, orders());
  }

  @Test
  void aRejectedRequestLeavesItsKeyFreeForACorrectedBody() {
    assertEquals(400, api.post("{", "Idempotency-Key", "k").status());
    assertEquals(400, api.post("{\"total\":1}", "Idempotency-Key", "k").status());
    var text = new String[] {"Idempotency-Key", "k", "Content-Type", "text/plain"};
    assertEquals(415, api.post(OrdersFixture.BRICKS, text).status());
    var invalid = api.post("{\"currency\":\"EUR\",\"items\":[]}", "Idempotency-Key", "k");
    assertEquals(422, invalid.status());
    assertEquals("invalid-body", invalid.problemType());
    var forbidden =
        api.send(
            TestCaller.FREE,
            "POST",
            "/orders",
            OrdersFixture.BRICKS.replace("}]", "}],\"note\":\"n\""),
            "Idempotency-Key",
            "k");
    assertEquals(403, forbidden.status());
    var placed = postWithKey("k");
    assertEquals(201, placed.status());
    assertSame(placed, postWithKey("k"));
    assertEquals(1, orders());
  }

  @Test
  void scopesKeysToTheUser() {
    var alices = postWithKey("k");
    var bobs = api.send(TestCaller.BOB, "POST", "/orders", OTHER, "Idempotency-Key", "k");
    var stranger =
        api.send(TestCaller.OTHER_TENANT, "POST", "/orders", OTHER, "Idempotency-Key", "k");
    assertEquals(201, bobs.status());
    assertEquals(201, stranger.status());
    assertNotEquals(alices.id(), bobs.id());
    assertEquals(2, orders());
  }

  @Test
  void expiresKeysAfterADay() {
    var first = postWithKey("k");
    api.clock().advance(Duration.ofHours(24));
    assertSame(first, postWithKey("k"));
    api.clock().advance(Duration.ofSeconds(2));
    var second = api.post(OTHER, "Idempotency-Key", "k");
    assertEquals(201, second.status());
    assertEquals(second.id(), api.post(OTHER, "Idempotency-Key", "k").id());
    assertEquals(2, orders());
  }

  @Test
  void concurrentRequestsPlaceOneOrderAndGetTheSameResponse() throws Exception {
    var ids = new HashSet<String>();
    Callable<OrdersApiResponse> post = this::postUntilServed;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var future : threads.invokeAll(Collections.nCopies(32, post))) {
        assertEquals(201, future.get().status());
        ids.add(future.get().text());
      }
    }
    assertEquals(1, ids.size());
    assertEquals(1, orders());
  }

  @Test
  void placesOneOrderDespiteALostDynamoDbResponse() {
    api.proxy().handleNextWith(FaultInjectingClient.LOSE_REPLY);
    var first = postWithKey("k");
    assertEquals(201, first.status());
    assertSame(first, postWithKey("k"));
    assertEquals(1, orders());
  }

  @Test
  void aRetryReturnsTheOrderOfAFailedRequestThatWasPerformed() {
    api.proxy().handleWith(FaultInjectingClient.LOSE_REPLY);
    assertEquals(503, postWithKey("k").status());
    api.proxy().handleWith(FaultInjectingClient.FORWARD);
    assertEquals(201, postWithKey("k").status());
    assertEquals(1, orders());
  }

  @Test
  void doesNotStoreOutages() {
    api.proxy().handleWith(FaultInjectingClient.replyWithError(500, "InternalServerError"));
    assertEquals(503, postWithKey("k").status());
    api.proxy().handleWith(FaultInjectingClient.FORWARD);
    assertEquals(201, postWithKey("k").status());
  }

  @Test
  void returns400ForAnInvalidKey() {
    assertEquals(400, postWithKey("two words").status());
    assertEquals(400, postWithKey("k".repeat(256)).status());
  }

  @Test
  void readsTheRecordsOfEarlierReleases() {
    var order =
        """
        {"id":"01JDEZ8Q4V0000000000020000","status":"placed","userId":"alice","currency":"EUR",\
        "items":[{"sku":"A-1","name":"Brick","quantity":2,"unitPrice":990}],"total":1980,\
        "createdAt":"2026-11-24T08:59:00.100Z","updatedAt":"2026-11-24T08:59:00.100Z","version":1}\
        """;
    storeRecord("\"order\":\"" + order.replace("\"", "\\\"") + "\"");
    assertEquals(order, postWithKey("k").text());
    assertEquals(0, orders());
  }

  @Test
  void aKeyIsFreeIfAnEarlierReleaseHasStoredItsFaults() {
    storeRecord("\"faults\":[{\"pointer\":\"/currency\",\"detail\":\"was invalid\"}]");
    var created = postWithKey("k");
    assertSame(created, postWithKey("k"));
    assertEquals(1, orders());
  }

  /** Stores the record of alice's key "k" with the fingerprint of {@code BRICKS}. */
  private void storeRecord(String result) {
    var document =
        "{\"fingerprint\":\"8147c7e9509ee2dcf0340c2cd755d7cb95e2c71f2148e65aad046bfb67428f91\","
            + result
            + "}";
    var key = new Key("idempotency", "4SB-7hnSlfNSmor17Amncwn2YRw5-Cq2wrKS10Wz5SE");
    var write = Write.put(Item.of(key, document), new WriteCondition.Absent());
    assertEquals(new Outcome.Written(), api.tables().as(() -> api.tables().table.write(write)));
  }

  private OrdersApiResponse postWithKey(String key) {
    return api.post(OrdersFixture.BRICKS, "Idempotency-Key", key);
  }

  /**
   * Repeats a 503 as clients do, if it has a Retry-After. Concurrent transactions on the item of
   * one key conflict, and each request repeats its own only for a while. On a busy machine, a call
   * of DynamoDB can exceed its limit.
   */
  private OrdersApiResponse postUntilServed() {
    return Conditions.awaitResult(
        () -> postWithKey("k"),
        response -> response.status() != 503 || response.header("Retry-After").isEmpty(),
        "the order is not placed");
  }

  private int orders() {
    return api.get("/orders?limit=100").json().get("orders").size();
  }

  private static void assertSame(OrdersApiResponse expected, OrdersApiResponse actual) {
    assertEquals(201, actual.status());
    assertEquals(expected.text(), actual.text());
    assertEquals(expected.header("Location"), actual.header("Location"));
    assertEquals(expected.header("ETag"), actual.header("ETag"));
  }
}
