package dev.partywall.bench.stub;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * 20 constant orders, in each stored form and as in a service's response. As documents, more orders
 * of the same kind are available.
 */
final class StubOrders {
  /** The attributes of a document that the product reads; the sample documents have no expiry. */
  static final String PROJECTION = "sk, v, f, doc, #ttl";

  private static final List<String> STATUSES =
      List.of("placed", "paid", "shipped", "delivered", "cancelled");
  private static final List<Order> ORDERS = IntStream.range(0, 20).mapToObj(Order::of).toList();
  private static final Map<Integer, String> PROJECTED = new ConcurrentHashMap<>();
  private static final String NAME = "<name>";
  private static final String ID = "<id>";

  /** The stored form of the orders, without the name of the tenant and the id. */
  private static final List<String> FORMS =
      ORDERS.stream().map(order -> order.document(NAME).replace(order.id(), ID)).toList();

  private StubOrders() {}

  /** An order with one or two lines. */
  private record Order(int number, String id, String status, String user, int quantity, int lines) {
    static Order of(int n) {
      return new Order(
          n, StubOrders.id(20_000 - n), STATUSES.get(n % 5), "user-" + n % 7, 1 + n % 4, 1 + n % 2);
    }

    long total() {
      return 990L * quantity * lines;
    }

    String created() {
      return "2026-11-23T08:%02d:%02d.%03dZ".formatted(59 - number % 60, number % 60, 100 + number);
    }

    String json() {
      return """
      {"id":"%s","status":"%s","userId":"%s","currency":"EUR","items":[%s],"total":%d,\
      "note":"Please leave it with the neighbour","createdAt":"%s","updatedAt":"%s","version":%d}\
      """
          .formatted(id, status, user, joinLines(this::line), total(), created(), created(), 1);
    }

    private String line(int n) {
      return "{\"sku\":\"BRICK-%d\",\"name\":\"Red engineering brick\",\"quantity\":%d,\"unitPrice\":990}"
          .formatted(n, quantity);
    }

    /** Returns the order as the product stores it. */
    String document(String tenant) {
      return """
      {"pk":{"S":"%s"},"i1":{"S":"order#%2$s#%3$s"},\
      "i2":{"S":"order#n4bQgYhMfWWaL-qgxVrQFA.%2$s#%3$s"},%4$s}\
      """
          .formatted(tenant, status, id, projected());
    }

    /** Returns the attributes that the product requests, without index keys. */
    String projected() {
      return """
      "sk":{"S":"order#%s"},"doc":{"S":"%s"},"v":{"N":"1"},"f":{"N":"1"}\
      """
          .formatted(id, json().replace("\"", "\\\""));
    }

    /** Returns an attribute per field, as DynamoDB's guides recommend. */
    String attributes(String tenant) {
      return """
      {"pk":{"S":"%s"},"sk":{"S":"order#%s"},"id":{"S":"%2$s"},"status":{"S":"%s"},\
      "userId":{"S":"%s"},"currency":{"S":"EUR"},"items":{"L":[%s]},"total":{"N":"%d"},\
      "note":{"S":"Please leave it with the neighbour"},"createdAt":{"S":"%s"},\
      "updatedAt":{"S":"%7$s"},"version":{"N":"1"}}\
      """
          .formatted(tenant, id, status, user, joinLines(this::lineAttributes), total(), created());
    }

    private String lineAttributes(int n) {
      return """
      {"M":{"sku":{"S":"BRICK-%d"},"name":{"S":"Red engineering brick"},\
      "quantity":{"N":"%d"},"unitPrice":{"N":"990"}}}\
      """
          .formatted(n, quantity);
    }

    private String joinLines(java.util.function.IntFunction<String> line) {
      return IntStream.range(0, lines).mapToObj(line).collect(Collectors.joining(","));
    }
  }

  static String asResponse() {
    return ORDERS.stream().map(Order::json).collect(Collectors.joining(",", "{\"orders\":[", "]}"));
  }

  static String asDocuments(String tenant, int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> Order.of(n).document(tenant))
        .collect(Collectors.joining(","));
  }

  /** The documents contain no tenant, so the same response serves all tenants. */
  static String asProjectedDocuments(int count) {
    return PROJECTED.computeIfAbsent(count, StubOrders::projected);
  }

  private static String projected(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> "{" + Order.of(n).projected() + "}")
        .collect(Collectors.joining(","));
  }

  /** Returns an order whose id increases with its number, as the product stores it. */
  static String ascending(int number, String tenant) {
    return FORMS.get(number % FORMS.size()).replace(NAME, tenant).replace(ID, id(number));
  }

  /** Returns an id; ids are ordered by their numbers. */
  static String id(int number) {
    return "01JDEZ8Q4V%016d".formatted(number);
  }

  static String asAttributes(String tenant) {
    return ORDERS.stream().map(o -> o.attributes(tenant)).collect(Collectors.joining(","));
  }
}
