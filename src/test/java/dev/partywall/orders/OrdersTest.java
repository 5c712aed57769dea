package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.OrdersFixture.TestCaller;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.PlacementKind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PlacementKind.class)
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OrdersTest {
  private static final String PAID =
      """
      {"currency":"JPY","items":[{"sku":"B","name":"Beam","quantity":3,"unitPrice":5}],
       "note":"soon\\n\\uD83D\\uDE00","status":"paid"}\
      """;

  private final OrdersFixture api;

  OrdersTest(PlacementKind kind, LocalDynamo dynamo) throws IOException {
    api = new OrdersFixture(dynamo, kind);
  }

  @AfterEach
  void close() throws IOException {
    api.close();
  }

  @Test
  void returnsAnOrderAsItWasPlaced() {
    var placed = api.post(OrdersFixture.BRICKS);

    assertEquals(201, placed.status());
    var order = placed.json();
    assertEquals("placed", order.get("status").asText());
    assertEquals("alice", order.get("userId").asText());
    assertEquals(1980, order.get("total").asLong());
    assertEquals("2026-11-24T08:59:59.900Z", order.get("createdAt").asText());
    assertEquals(1, order.get("version").asInt());
    assertFalse(order.has("note"));
    assertEquals(Optional.of("/orders/" + placed.id()), placed.header("Location"));
    assertEquals("\"1\"", placed.etag());

    var read = api.get("/orders/" + placed.id());
    assertEquals(200, read.status());
    assertEquals(order, read.json());
    assertEquals(placed.etag(), read.etag());
  }

  @Test
  void replacesAllContentOfAnOrder() {
    var placed = api.post(OrdersFixture.BRICKS);
    api.clock().advance(Duration.ofMillis(1500));

    var replaced = api.put(placed.id(), PAID, "If-Match", placed.etag());

    assertEquals(200, replaced.status());
    var order = replaced.json();
    assertEquals("paid", order.get("status").asText());
    assertEquals("JPY", order.get("currency").asText());
    assertEquals(15, order.get("total").asLong());
    assertEquals("soon\n\uD83D\uDE00", order.get("note").asText());
    assertEquals(placed.json().get("createdAt"), order.get("createdAt"));
    assertEquals("2026-11-24T09:00:01.400Z", order.get("updatedAt").asText());
    assertEquals("\"2\"", replaced.etag());
    assertEquals(order, api.get("/orders/" + placed.id()).json());

    var again = api.put(placed.id(), OrdersFixture.BRICKS, "If-Match", "\"2\"").json();
    assertFalse(again.has("note"));
    assertEquals("paid", again.get("status").asText());
    assertEquals("alice", again.get("userId").asText());
  }

  @Test
  void rejectsANoteOfATenantWithoutTheFeature() {
    var note = OrdersFixture.BRICKS.replace("{\"currency", "{\"note\":\"soon\",\"currency");
    var empty = note.replace("soon", "");
    var key = new String[] {"Idempotency-Key", "k"};
    var rejected = api.send(TestCaller.FREE, "POST", "/orders", note, key);
    assertEquals(403, rejected.status());
    assertEquals("feature-not-available", rejected.problemType());
    assertEquals(0, ordersOf(TestCaller.FREE, ""));

    var placed = api.send(TestCaller.FREE, "POST", "/orders", empty, key); // the key is free
    assertEquals(201, placed.status());
    var path = "/orders/" + placed.id();
    var match = new String[] {"If-Match", "\"1\""};
    assertEquals(403, api.send(TestCaller.FREE, "PUT", path, note, match).status());
    var invalid = note.replace("EUR", "euro");
    assertEquals(422, api.send(TestCaller.FREE, "POST", "/orders", invalid).status());
    assertEquals(422, api.send(TestCaller.FREE, "PUT", path, invalid, match).status());
    assertEquals(200, api.send(TestCaller.FREE, "PUT", path, empty, match).status());
    for (var caller : new TestCaller[] {TestCaller.ALICE, TestCaller.BOB}) { // standard, premium
      assertEquals(201, api.send(caller, "POST", "/orders", note).status());
    }
  }

  @Test
  void deletedOrdersDoNotExist() {
    var id = api.post(OrdersFixture.BRICKS).id();
    assertEquals(204, api.delete(id).status());
    assertEquals(404, api.get("/orders/" + id).status());
    assertEquals(404, api.delete(id).status());
    assertEquals(404, api.put(id, OrdersFixture.BRICKS, "If-Match", "*").status());
    assertEquals(0, api.get("/orders").json().get("orders").size());
  }

  @Test
  void anotherTenantsOrdersDoNotExist() {
    var id = api.post(OrdersFixture.BRICKS).id();
    var path = "/orders/" + id;
    var unknown = "/orders/01JD5ZTV4B7Q2W8X9Y0Z1A2B3C";
    for (var method : new String[] {"GET", "DELETE", "HEAD"}) {
      var foreign = api.send(TestCaller.OTHER_TENANT, method, path, null);
      assertEquals(404, foreign.status());
      var missing = api.send(TestCaller.OTHER_TENANT, method, unknown, null);
      assertEquals(missing.text().replace(unknown, path), foreign.text());
    }
    var change =
        api.send(TestCaller.OTHER_TENANT, "PUT", path, OrdersFixture.BRICKS, "If-Match", "*");
    assertEquals(404, change.status());
    assertEquals(0, ordersOf(TestCaller.OTHER_TENANT, ""));
    assertEquals(0, ordersOf(TestCaller.OTHER_TENANT, "?user=me"));
    assertEquals(0, ordersOf(TestCaller.OTHER_TENANT, "?status=placed"));
    assertEquals(200, api.get(path).status());
  }

  @Test
  void usersOfATenantSeeEachOthersOrders() {
    var path = "/orders/" + api.post(OrdersFixture.BRICKS).id();
    assertEquals(200, api.send(TestCaller.BOB, "GET", path, null).status());
    assertEquals(1, ordersOf(TestCaller.BOB, ""));
    assertEquals(0, ordersOf(TestCaller.BOB, "?user=me"));
    assertEquals(1, ordersOf(TestCaller.BOB, "?user=alice"));
  }

  @Test
  void countsPlacedOrdersPermanently() {
    var hour = api.clock().instant();
    api.delete(api.post(OrdersFixture.BRICKS).id());
    api.post(OrdersFixture.BRICKS, "Idempotency-Key", "k");
    api.post(OrdersFixture.BRICKS, "Idempotency-Key", "k");
    api.post("{}", "Idempotency-Key", "l");
    var countedWrites = new CountedWrites(api.tables().client, api.tables().placements.locations());
    assertEquals(2, api.tables().as(() -> countedWrites.count("ordersPlaced", hour)));
  }

  @Test
  void needsOneCallToReadAndOneToPlace() {
    var before = api.proxy().requests().size();
    var id = api.post(OrdersFixture.BRICKS, "Idempotency-Key", "k").id();
    api.get("/orders/" + id);
    api.post(OrdersFixture.BRICKS, "Idempotency-Key", "k");
    var calls = api.proxy().requests();
    assertEquals(3, calls.size() - before);
    assertTrue(calls.getLast().equals("TransactWriteItems"));
  }

  private int ordersOf(TestCaller caller, String query) {
    return api.send(caller, "GET", "/orders" + query, null).json().get("orders").size();
  }
}
