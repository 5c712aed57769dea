package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.OrdersFixture.OrdersApiResponse;
import dev.partywall.orders.OrdersFixture.TestCaller;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.PlacementKind;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Preconditions, and status transitions. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OrderChangesTest {
  private final OrdersFixture api;

  OrderChangesTest(LocalDynamo dynamo) throws IOException {
    api = new OrdersFixture(dynamo, PlacementKind.POOL);
  }

  @AfterEach
  void close() throws IOException {
    api.close();
  }

  @Test
  void allowsExactlyTheDefinedTransitions() {
    for (var from : OrderStatus.values()) {
      for (var to : OrderStatus.values()) {
        var allowed = from.next().contains(to) || (from == to && !from.isClosed());
        var response = move(placedWith(from), to);
        assertEquals(allowed ? 200 : 409, response.status(), from + " to " + to);
        if (!allowed) {
          assertEquals(
              from.isClosed() ? "order-closed" : "transition-not-allowed", response.problemType());
        }
      }
    }
  }

  @Test
  void allowsChangesOfOpenOrdersOnly() {
    for (var status : OrderStatus.values()) {
      var response = api.put(placedWith(status), OrdersFixture.BRICKS, "If-Match", "*");
      assertEquals(status.isClosed() ? 409 : 200, response.status(), status.apiName());
    }
  }

  @Test
  void rejectsDeletingShippedOrDeliveredOrders() {
    for (var status : OrderStatus.values()) {
      var response = api.delete(placedWith(status));
      assertEquals(status.hasShipped() ? 409 : 204, response.status(), status.apiName());
    }
  }

  @Test
  void requiresAMatchingVersionForAChange() {
    var id = api.post(OrdersFixture.BRICKS).id();
    assertEquals(428, api.put(id, OrdersFixture.BRICKS).status());
    assertEquals(400, api.put(id, OrdersFixture.BRICKS, "If-Match", "1").status());
    assertEquals(412, api.put(id, OrdersFixture.BRICKS, "If-Match", "\"2\"").status());
    assertEquals(412, api.put(id, OrdersFixture.BRICKS, "If-Match", "W/\"1\"").status());
    assertEquals(200, api.put(id, OrdersFixture.BRICKS, "If-Match", "\"7\", \"1\"").status());
    assertEquals(412, api.put(id, OrdersFixture.BRICKS, "If-Match", "\"1\"").status());
    assertEquals(
        200, api.put(id, OrdersFixture.BRICKS, "If-Match", "\"9\"", "If-Match", "\"2\"").status());
    var both = new String[] {"If-Match", "\"3\"", "If-None-Match", "*"};
    assertEquals(412, api.put(id, OrdersFixture.BRICKS, both).status());
    assertEquals("\"3\"", api.get("/orders/" + id).etag());
  }

  @Test
  void reportsErrorsInOrderOfPrecedence() {
    var unknown = "01JD5ZTV4B7Q2W8X9Y0Z1A2B3C";
    var closed = placedWith(OrderStatus.CANCELLED);
    var text = new String[] {"Content-Type", "text/plain"};
    assertEquals(415, api.put(unknown, "{", text).status());
    assertEquals(400, api.put(unknown, "{").status());
    assertEquals(400, api.put(unknown, "{\"id\":1}").status());
    assertEquals(428, api.put(unknown, "{}").status());
    assertEquals(422, api.put(unknown, "{}", "If-Match", "\"1\"").status());
    assertEquals(404, api.put(unknown, OrdersFixture.BRICKS, "If-Match", "\"1\"").status());
    assertEquals(404, api.put("not-an-id", OrdersFixture.BRICKS, "If-Match", "\"1\"").status());
    assertEquals(412, api.put(closed, OrdersFixture.BRICKS, "If-Match", "\"1\"").status());
    assertEquals(409, api.put(closed, OrdersFixture.BRICKS, "If-Match", "\"2\"").status());
  }

  @Test
  void checksTheVersionOfADeletionIfGiven() {
    var id = api.post(OrdersFixture.BRICKS).id();
    assertEquals(400, api.delete(id, "If-Match", "x").status());
    assertEquals(412, api.delete(id, "If-Match", "\"2\"").status());
    assertEquals(204, api.delete(id, "If-Match", "\"1\"").status());
    assertEquals(404, api.delete(id, "If-Match", "\"1\"").status());
  }

  @Test
  void returnsNotModifiedForTheCurrentVersion() {
    var id = api.post(OrdersFixture.BRICKS).id();
    var path = "/orders/" + id;
    for (var tags : List.of("\"1\"", "W/\"1\"", "\"0\", \"1\"", "*")) {
      var response = api.get(path, "If-None-Match", tags);
      assertEquals(304, response.status(), tags);
      assertEquals("\"1\"", response.etag());
    }
    assertEquals(200, api.get(path, "If-None-Match", "\"2\"").status());
    assertEquals(400, api.get(path, "If-None-Match", "1").status());
    assertEquals(412, api.get(path, "If-Match", "\"2\"").status());
    assertEquals(304, api.get(path, "If-Match", "\"1\"", "If-None-Match", "\"1\"").status());
    assertEquals(404, api.get("/orders/x", "If-None-Match", "*").status());
  }

  @Test
  void appliesOneOfConcurrentChangesToAVersion() throws Exception {
    var id = api.post(OrdersFixture.BRICKS).id();
    Callable<Integer> changeVersion1 =
        () -> api.put(id, OrdersFixture.BRICKS, "If-Match", "\"1\"").status();
    Callable<Integer> changeAny = () -> api.put(id, OrdersFixture.BRICKS, "If-Match", "*").status();
    assertEquals(Map.of(200, 1L, 412, 15L), statuses(Collections.nCopies(16, changeVersion1)));
    assertEquals(Map.of(200, 16L), statuses(Collections.nCopies(16, changeAny)));
    assertEquals(18, api.get("/orders/" + id).json().get("version").asInt());
  }

  @Test
  void detectsChangesBetweenReadAndWrite() {
    var id = api.post(OrdersFixture.BRICKS).id();
    afterNextRead(() -> api.put(id, OrdersFixture.BRICKS, "If-Match", "*"));
    assertEquals(412, api.put(id, OrdersFixture.BRICKS, "If-Match", "\"1\"").status());
    afterNextRead(() -> move(id, OrderStatus.CANCELLED));
    assertEquals(409, api.put(id, OrdersFixture.BRICKS, "If-Match", "*").status());
    afterNextRead(() -> api.delete(id));
    assertEquals(404, api.delete(id).status());
  }

  @Test
  void treatsALostDynamoDbResponseAsNoConflict() {
    var id = api.post(OrdersFixture.BRICKS).id();
    loseResponseOfNextWrite();
    assertEquals(200, api.put(id, OrdersFixture.BRICKS, "If-Match", "\"1\"").status());
    loseResponseOfNextWrite();
    assertEquals(204, api.delete(id, "If-Match", "\"2\"").status());
  }

  @Test
  void returns503WithRetryAfterDuringAnOutage() {
    var id = api.post(OrdersFixture.BRICKS).id();
    api.proxy().handleWith(FaultInjectingClient.replyWithError(503, "ServiceUnavailable"));
    for (var response :
        List.of(
            api.get("/orders"),
            api.get("/orders?user=me"),
            api.get("/orders/" + id),
            api.post(OrdersFixture.BRICKS),
            api.put(id, OrdersFixture.BRICKS, "If-Match", "*"),
            api.delete(id))) {
      assertEquals(503, response.status());
      assertTrue(response.header("Retry-After").isPresent());
    }
    api.proxy().handleWith(FaultInjectingClient.FORWARD);
    assertEquals(200, api.get("/orders/" + id).status());
  }

  @Test
  void locatesFaultsOfABodyByPointer() {
    var response = api.post("{\"items\":[{\"sku\":\"A\",\"name\":\"B\",\"quantity\":0}]}");
    assertEquals(422, response.status());
    assertEquals(
        List.of("/currency", "/items/0/quantity", "/items/0/unitPrice"), response.pointers());
  }

  @Test
  void returns405ForUnsupportedMethods() {
    assertEquals(
        405, api.send(TestCaller.ALICE, "PATCH", "/orders/x", OrdersFixture.BRICKS).status());
    assertEquals(405, api.send(TestCaller.ALICE, "DELETE", "/orders", null).status());
    var options = api.send(TestCaller.ALICE, "OPTIONS", "/orders/x", null);
    assertEquals(Optional.of("DELETE, GET, HEAD, OPTIONS, PUT"), options.header("Allow"));
  }

  private String placedWith(OrderStatus status) {
    var id = api.post(OrdersFixture.BRICKS).id();
    transitionsTo(status).forEach(next -> assertEquals(200, move(id, next).status()));
    return id;
  }

  private static List<OrderStatus> transitionsTo(OrderStatus status) {
    return switch (status) {
      case PLACED -> List.of();
      case PAID, CANCELLED -> List.of(status);
      case SHIPPED -> List.of(OrderStatus.PAID, status);
      case DELIVERED -> List.of(OrderStatus.PAID, OrderStatus.SHIPPED, status);
    };
  }

  private OrdersApiResponse move(String id, OrderStatus to) {
    var body = OrdersFixture.BRICKS.replaceFirst("\\{", "{\"status\":\"" + to.apiName() + "\",");
    return api.put(id, body, "If-Match", "*");
  }

  /** Runs the task after the next request's read, before the request receives the reply. */
  private void afterNextRead(Runnable task) {
    api.proxy()
        .handleNextWith(upstream -> {
          var reply = upstream.send();
          task.run();
          return Optional.of(reply);
        });
  }

  /** Forwards the next call, which is the read of a change, and loses the reply to its write. */
  private void loseResponseOfNextWrite() {
    api.proxy()
        .handleWith(upstream -> {
          api.proxy().handleNextWith(FaultInjectingClient.LOSE_REPLY);
          return FaultInjectingClient.FORWARD.handle(upstream);
        });
  }

  private static Map<Integer, Long> statuses(List<Callable<Integer>> calls) throws Exception {
    var counts = new TreeMap<Integer, Long>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var future : threads.invokeAll(calls)) {
        counts.merge(future.get(), 1L, Long::sum);
      }
    }
    return counts;
  }
}
