package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.Shop.Answer;
import dev.partywall.orders.Shop.Caller;
import dev.partywall.storage.Between;
import dev.partywall.storage.Living;
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

/** Preconditions, and what an order's status allows. */
@ExtendWith(LocalDynamo.Shared.class)
class ChangesTest {
  private final Shop shop;

  ChangesTest(LocalDynamo dynamo) throws IOException {
    shop = new Shop(dynamo, Living.POOL);
  }

  @AfterEach
  void close() throws IOException {
    shop.close();
  }

  @Test
  void everyTransitionIsAllowedOrRefusedAsTheStatesSay() {
    for (var from : OrderStatus.values()) {
      for (var to : OrderStatus.values()) {
        var allowed = from.next().contains(to) || (from == to && !from.isClosed());
        var answer = move(at(from), to);
        assertEquals(allowed ? 200 : 409, answer.status(), from + " to " + to);
        if (!allowed) {
          assertEquals(
              from.isClosed() ? "order-closed" : "transition-not-allowed", answer.problem());
        }
      }
    }
  }

  @Test
  void anOpenOrderCanBeChangedAndAClosedOneCanNot() {
    for (var status : OrderStatus.values()) {
      var answer = shop.put(at(status), Shop.BRICKS, "If-Match", "*");
      assertEquals(status.isClosed() ? 409 : 200, answer.status(), status.word());
    }
  }

  @Test
  void whatIsUnderwayCanNotBeDeleted() {
    for (var status : OrderStatus.values()) {
      var answer = shop.delete(at(status));
      assertEquals(status.isUnderway() ? 409 : 204, answer.status(), status.word());
    }
  }

  @Test
  void aChangeSaysWhatItWasMadeFrom() {
    var id = shop.post(Shop.BRICKS).id();
    assertEquals(428, shop.put(id, Shop.BRICKS).status());
    assertEquals(400, shop.put(id, Shop.BRICKS, "If-Match", "1").status());
    assertEquals(412, shop.put(id, Shop.BRICKS, "If-Match", "\"2\"").status());
    assertEquals(412, shop.put(id, Shop.BRICKS, "If-Match", "W/\"1\"").status());
    assertEquals(200, shop.put(id, Shop.BRICKS, "If-Match", "\"7\", \"1\"").status());
    assertEquals(412, shop.put(id, Shop.BRICKS, "If-Match", "\"1\"").status());
    assertEquals(200, shop.put(id, Shop.BRICKS, "If-Match", "\"9\"", "If-Match", "\"2\"").status());
    var both = new String[] {"If-Match", "\"3\"", "If-None-Match", "*"};
    assertEquals(412, shop.put(id, Shop.BRICKS, both).status());
    assertEquals("\"3\"", shop.get("/orders/" + id).etag());
  }

  @Test
  void refusalsComeInTheirOrder() {
    var gone = "01JD5ZTV4B7Q2W8X9Y0Z1A2B3C";
    var closed = at(OrderStatus.CANCELLED);
    var text = new String[] {"Content-Type", "text/plain"};
    assertEquals(415, shop.put(gone, "{", text).status());
    assertEquals(400, shop.put(gone, "{").status());
    assertEquals(400, shop.put(gone, "{\"id\":1}").status());
    assertEquals(428, shop.put(gone, "{}").status());
    assertEquals(422, shop.put(gone, "{}", "If-Match", "\"1\"").status());
    assertEquals(404, shop.put(gone, Shop.BRICKS, "If-Match", "\"1\"").status());
    assertEquals(404, shop.put("not-an-id", Shop.BRICKS, "If-Match", "\"1\"").status());
    assertEquals(412, shop.put(closed, Shop.BRICKS, "If-Match", "\"1\"").status());
    assertEquals(409, shop.put(closed, Shop.BRICKS, "If-Match", "\"2\"").status());
  }

  @Test
  void aDeletionMaySayWhatItWasMadeFrom() {
    var id = shop.post(Shop.BRICKS).id();
    assertEquals(400, shop.delete(id, "If-Match", "x").status());
    assertEquals(412, shop.delete(id, "If-Match", "\"2\"").status());
    assertEquals(204, shop.delete(id, "If-Match", "\"1\"").status());
    assertEquals(404, shop.delete(id, "If-Match", "\"1\"").status());
  }

  @Test
  void whoHasTheVersionIsNotGivenItAgain() {
    var id = shop.post(Shop.BRICKS).id();
    var path = "/orders/" + id;
    for (var tags : List.of("\"1\"", "W/\"1\"", "\"0\", \"1\"", "*")) {
      var answer = shop.get(path, "If-None-Match", tags);
      assertEquals(304, answer.status(), tags);
      assertEquals("\"1\"", answer.etag());
    }
    assertEquals(200, shop.get(path, "If-None-Match", "\"2\"").status());
    assertEquals(400, shop.get(path, "If-None-Match", "1").status());
    assertEquals(412, shop.get(path, "If-Match", "\"2\"").status());
    assertEquals(304, shop.get(path, "If-Match", "\"1\"", "If-None-Match", "\"1\"").status());
    assertEquals(404, shop.get("/orders/x", "If-None-Match", "*").status());
  }

  @Test
  void ofManyChangesToOneVersionOneIsMade() throws Exception {
    var id = shop.post(Shop.BRICKS).id();
    Callable<Integer> change = () -> shop.put(id, Shop.BRICKS, "If-Match", "\"1\"").status();
    Callable<Integer> whatever = () -> shop.put(id, Shop.BRICKS, "If-Match", "*").status();
    assertEquals(Map.of(200, 1L, 412, 15L), statuses(Collections.nCopies(16, change)));
    assertEquals(Map.of(200, 16L), statuses(Collections.nCopies(16, whatever)));
    assertEquals(18, shop.get("/orders/" + id).json().get("version").asInt());
  }

  @Test
  void whatHappensBetweenReadingAndWritingIsNoticed() {
    var id = shop.post(Shop.BRICKS).id();
    meanwhile(() -> shop.put(id, Shop.BRICKS, "If-Match", "*"));
    assertEquals(412, shop.put(id, Shop.BRICKS, "If-Match", "\"1\"").status());
    meanwhile(() -> move(id, OrderStatus.CANCELLED));
    assertEquals(409, shop.put(id, Shop.BRICKS, "If-Match", "*").status());
    meanwhile(() -> shop.delete(id));
    assertEquals(404, shop.delete(id).status());
  }

  @Test
  void anAnswerThatGotLostOnTheWayFromDynamoDbIsNoConflict() {
    var id = shop.post(Shop.BRICKS).id();
    loseAnswerOfNextWrite();
    assertEquals(200, shop.put(id, Shop.BRICKS, "If-Match", "\"1\"").status());
    loseAnswerOfNextWrite();
    assertEquals(204, shop.delete(id, "If-Match", "\"2\"").status());
  }

  @Test
  void anOutageIsA503ThatSaysWhenToComeBack() {
    var id = shop.post(Shop.BRICKS).id();
    shop.between().let(Between.refused(503, "ServiceUnavailable"));
    for (var answer :
        List.of(
            shop.get("/orders"),
            shop.get("/orders?user=me"),
            shop.get("/orders/" + id),
            shop.post(Shop.BRICKS),
            shop.put(id, Shop.BRICKS, "If-Match", "*"),
            shop.delete(id))) {
      assertEquals(503, answer.status());
      assertTrue(answer.header("Retry-After").isPresent());
    }
    shop.between().let(Between.THROUGH);
    assertEquals(200, shop.get("/orders/" + id).status());
  }

  @Test
  void faultsOfABodyAreToldByTheirPlace() {
    var answer = shop.post("{\"items\":[{\"sku\":\"A\",\"name\":\"B\",\"quantity\":0}]}");
    assertEquals(422, answer.status());
    assertEquals(
        List.of("/currency", "/items/0/quantity", "/items/0/unitPrice"), answer.pointers());
  }

  @Test
  void methodsThatAreNotThereAreA405() {
    assertEquals(405, shop.send(Caller.ALICE, "PATCH", "/orders/x", Shop.BRICKS).status());
    assertEquals(405, shop.send(Caller.ALICE, "DELETE", "/orders", null).status());
    var options = shop.send(Caller.ALICE, "OPTIONS", "/orders/x", null);
    assertEquals(Optional.of("DELETE, GET, HEAD, OPTIONS, PUT"), options.header("Allow"));
  }

  private String at(OrderStatus status) {
    var id = shop.post(Shop.BRICKS).id();
    wayTo(status).forEach(next -> assertEquals(200, move(id, next).status()));
    return id;
  }

  private static List<OrderStatus> wayTo(OrderStatus status) {
    return switch (status) {
      case PLACED -> List.of();
      case PAID, CANCELLED -> List.of(status);
      case SHIPPED -> List.of(OrderStatus.PAID, status);
      case DELIVERED -> List.of(OrderStatus.PAID, OrderStatus.SHIPPED, status);
    };
  }

  private Answer move(String id, OrderStatus to) {
    var body = Shop.BRICKS.replaceFirst("\\{", "{\"status\":\"" + to.word() + "\",");
    return shop.put(id, body, "If-Match", "*");
  }

  /** Does it once the next request has read, before it gets to know what. */
  private void meanwhile(Runnable work) {
    shop.between()
        .letNext(way -> {
          var answer = way.send();
          work.run();
          return Optional.of(answer);
        });
  }

  /** A change reads first, and then writes. */
  private void loseAnswerOfNextWrite() {
    shop.between()
        .let(way -> {
          shop.between().letNext(Between.ANSWER_LOST);
          return Between.THROUGH.meet(way);
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
