package dev.partywall.orders.local;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.runtime.Declarations;
import dev.partywall.storage.CountedWriteListener;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocations;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Creates orders of several users and statuses for a sample tenant, spread over the last two days.
 * It uses the product's own handlers, so each order is one that a client could have created.
 */
final class OrderSeeder {
  private static final List<String> TENANTS = List.of("acme", "globex", "initech");
  private static final List<String> USERS = List.of("alice", "bob", "carol", "dave");
  private static final List<String> PRODUCTS =
      List.of("Brick", "Mortar", "Lintel", "Chimney pot", "Ridge tile", "Door");
  private static final List<List<String>> STATUS_SEQUENCES =
      List.of(
          List.of(),
          List.of("paid"),
          List.of("paid", "shipped"),
          List.of("paid", "shipped", "delivered"),
          List.of("cancelled"));
  private static final int ORDERS = 30;

  private final Tenant tenant;
  private final Random random;
  private final AtomicReference<Instant> now;
  private final Map<String, Route> routes;

  private OrderSeeder(
      String tenant,
      DynamoDbClient engine,
      TenantLocations locations,
      CountedWriteListener marks,
      Instant start) {
    this.tenant = new Tenant(new TenantId(tenant), "standard");
    random = new Random(tenant.hashCode());
    now = new AtomicReference<>(start.minus(Duration.ofDays(2)));
    var secureRandom = new SecureRandom();
    var orders = Declarations.of(List.of(OrderRoutes::of), Map.of(), now::get, secureRandom);
    orders.connect(new TenantTable.Connection(engine, locations, now::get, secureRandom, marks));
    routes =
        orders.routes().stream()
            .collect(
                Collectors.toMap(route -> route.method() + " " + route.template(), route -> route));
  }

  /** Creates the orders of all sample tenants, in parallel to shorten the start. */
  static void placeOrders(
      DynamoDbClient engine, TenantLocations locations, CountedWriteListener marks, Instant start) {
    TENANTS.parallelStream()
        .forEach(tenant -> new OrderSeeder(tenant, engine, locations, marks, start).placeOrders());
  }

  private void placeOrders() {
    for (var order = 0; order < ORDERS; order++) {
      now.updateAndGet(time -> time.plus(Duration.ofMinutes(75 + random.nextInt(20))));
      var user = USERS.get(random.nextInt(USERS.size()));
      var statuses = STATUS_SEQUENCES.get(order % STATUS_SEQUENCES.size());
      var _ = TenantContext.call(tenant, () -> placeAndUpdate(user, statuses));
    }
  }

  private Response placeAndUpdate(String user, List<String> statuses) {
    var body = body();
    var response = call("POST", "/orders", Map.of(), user, body, Headers.NONE);
    var location = response.headers().first("Location").orElseThrow();
    var id = location.substring(location.lastIndexOf('/') + 1);
    for (var status : statuses) {
      now.updateAndGet(time -> time.plusSeconds(1));
      var etag = response.headers().first("ETag").orElseThrow();
      var updated = body.replaceFirst("\\{", "{\"status\":\"" + status + "\",");
      response =
          call(
              "PUT",
              "/orders/{id}",
              Map.of("id", id),
              user,
              updated,
              Headers.NONE.with("If-Match", etag));
    }
    return response;
  }

  private String body() {
    var product = PRODUCTS.get(random.nextInt(PRODUCTS.size()));
    return """
    {"currency":"EUR","items":[{"sku":"%s-%d","name":"%s","quantity":%d,"unitPrice":%d}]}\
    """
        .formatted(
            product.substring(0, 1),
            1 + random.nextInt(9),
            product,
            1 + random.nextInt(40),
            90 + random.nextInt(9_000));
  }

  private Response call(
      String method,
      String template,
      Map<String, String> parameters,
      String user,
      String body,
      Headers headers) {
    var route = routes.get(method + " " + template);
    var request =
        Request.of(
                method,
                RequestTarget.ROOT,
                headers.with("Content-Type", "application/json"),
                Body.of(body.getBytes(StandardCharsets.UTF_8)))
            .with(new Match.Found(route, parameters))
            .withSubject(user);
    return route.handler().handle(request);
  }
}
