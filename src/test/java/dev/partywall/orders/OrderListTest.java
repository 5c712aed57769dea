package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.OrdersFixture.OrdersApiResponse;
import dev.partywall.orders.OrdersFixture.TestCaller;
import dev.partywall.storage.PlacementKind;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PlacementKind.class)
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OrderListTest {
  /** User names that would be ambiguous in an unescaped key. */
  private static final List<String> USERS = List.of("al", "al#placed", "al.placed", "a l", "%2A");

  private final OrdersFixture api;

  OrderListTest(PlacementKind kind, LocalDynamo dynamo) throws IOException {
    api = new OrdersFixture(dynamo, kind);
  }

  @AfterEach
  void close() throws IOException {
    api.close();
  }

  /** An order that the list is expected to contain. */
  private record ExpectedOrder(String id, String user, String status) {}

  @Test
  void returnsExactPagesForAnyFilter() {
    var random = new Random(42);
    var model = new ArrayList<ExpectedOrder>();
    for (int i = 0; i < 25; i++) {
      api.clock().advance(Duration.ofMillis(1));
      model.addFirst(place(USERS.get(random.nextInt(USERS.size())), random));
    }
    for (int round = 0; round < 8; round++) {
      var user = random.nextBoolean() ? USERS.get(random.nextInt(USERS.size())) : "";
      var status = random.nextBoolean() ? status(random) : "";
      assertPages(model, user, status, 1 + random.nextInt(9));
    }
    assertPages(model, "", "", 25);
    assertPages(model, "", "", 24);
    assertPages(model, "nobody", "", 5);
  }

  private ExpectedOrder place(String user, Random random) {
    var caller = new TestCaller(TestCaller.ALICE.tenant(), user, "standard");
    var id = api.send(caller, "POST", "/orders", OrdersFixture.BRICKS).id();
    var status = OrderStatus.PLACED;
    while (!status.isClosed() && random.nextInt(3) > 0) {
      status = status.next().get(random.nextInt(status.next().size()));
      var body =
          OrdersFixture.BRICKS.replaceFirst("\\{", "{\"status\":\"" + status.apiName() + "\",");
      assertEquals(200, api.put(id, body, "If-Match", "*").status());
    }
    return new ExpectedOrder(id, user, status.apiName());
  }

  private void assertPages(List<ExpectedOrder> model, String user, String status, int limit) {
    var expected =
        model.stream()
            .filter(order -> user.isEmpty() || order.user().equals(user))
            .filter(order -> status.isEmpty() || order.status().equals(status))
            .map(ExpectedOrder::id)
            .toList();
    var query = "/orders?limit=" + limit + parameter("user", user) + parameter("status", status);
    var seen = new ArrayList<String>();
    var page = api.get(query);
    while (page.json().has("next")) {
      assertEquals(limit, ids(page).size());
      seen.addAll(ids(page));
      page = api.get(query + parameter("cursor", page.json().get("next").asText()));
    }
    assertTrue(expected.isEmpty() || !ids(page).isEmpty(), "an empty last page");
    seen.addAll(ids(page));
    assertEquals(expected, seen, query);
  }

  @Test
  void returnsTwentyOrdersByDefault() {
    for (int i = 0; i < 21; i++) {
      api.post(OrdersFixture.BRICKS);
    }
    assertEquals(20, ids(api.get("/orders")).size());
    assertEquals(21, ids(api.get("/orders?limit=100")).size());
    assertFalse(api.get("/orders?limit=21").json().has("next"));
  }

  @Test
  void returnsPagesOfMoreThanAMegabyte() {
    var item =
        "{\"sku\":\"A\",\"name\":\"%s\",\"quantity\":1,\"unitPrice\":1}"
            .formatted("\uD83E\uDDF1".repeat(200));
    var large = "{\"currency\":\"EUR\",\"items\":[" + (item + ",").repeat(99) + item + "]}";
    for (int i = 0; i < 13; i++) {
      assertEquals(201, api.post(large).status());
    }
    var page = api.get("/orders?limit=13");
    assertTrue(page.raw().body().length > 1_000_000);
    assertEquals(13, ids(page).size());
    assertEquals(13, ids(api.get("/orders?limit=13&status=placed")).size());
  }

  @Test
  void acceptsCursorsOfTheSameListOnly() {
    api.post(OrdersFixture.BRICKS);
    api.post(OrdersFixture.BRICKS);
    var next = api.get("/orders?limit=1&user=me").json().get("next").asText();

    assertEquals(200, api.get("/orders?limit=2&user=alice&cursor=" + next).status());
    assertEquals(400, api.get("/orders?cursor=" + next).status());
    assertEquals(400, api.get("/orders?user=bob&cursor=" + next).status());
    assertEquals(400, api.get("/orders?user=me&status=placed&cursor=" + next).status());
    var asBob = "/orders?user=me&cursor=" + next;
    assertEquals(400, api.send(TestCaller.BOB, "GET", asBob, null).status());
  }

  @Test
  void aForeignCursorListsOnlyTheCallersOrders() {
    api.send(TestCaller.OTHER_TENANT, "POST", "/orders", OrdersFixture.BRICKS);
    api.clock().advance(Duration.ofMillis(1));
    api.post(OrdersFixture.BRICKS);
    api.post(OrdersFixture.BRICKS);
    var next = api.get("/orders?limit=1").json().get("next").asText();
    var page = api.send(TestCaller.OTHER_TENANT, "GET", "/orders?cursor=" + next, null);
    assertEquals(1, ids(page).size());
    assertEquals(List.of(), alicesOrders(page));
  }

  private List<String> alicesOrders(OrdersApiResponse page) {
    var alicesIds = ids(api.get("/orders"));
    return ids(page).stream().filter(alicesIds::contains).toList();
  }

  private static String status(Random random) {
    var statuses = List.of(OrderStatus.values());
    return statuses.get(random.nextInt(statuses.size())).apiName();
  }

  private static String parameter(String name, String value) {
    return value.isEmpty() ? "" : "&" + name + "=" + encoded(value);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static List<String> ids(OrdersApiResponse page) {
    return page.json()
        .required("orders")
        .valueStream()
        .map(order -> order.get("id").asText())
        .toList();
  }
}
