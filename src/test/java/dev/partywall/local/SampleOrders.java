package dev.partywall.local;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Principal;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Target;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.storage.MarkListener;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Gives each sample tenant orders of several users and statuses, spread over the last two days.
 * They are placed and moved by the product's own handlers, so that they are what a caller could
 * have made.
 */
final class SampleOrders {
  private static final List<String> TENANTS = List.of("acme", "globex", "initech");
  private static final List<String> USERS = List.of("alice", "bob", "carol", "dave");
  private static final List<String> GOODS =
      List.of("Brick", "Mortar", "Lintel", "Chimney pot", "Ridge tile", "Door");
  private static final List<List<String>> LIVES =
      List.of(
          List.of(),
          List.of("paid"),
          List.of("paid", "shipped"),
          List.of("paid", "shipped", "delivered"),
          List.of("cancelled"));
  private static final int ORDERS = 36;

  private final Random dice = new Random(20_261_124);
  private final AtomicReference<Instant> now;
  private final Map<String, Route> routes;

  SampleOrders(DynamoDbClient engine, Placements placements, MarkListener marks, Instant start) {
    now = new AtomicReference<>(start.minus(Duration.ofDays(2)));
    var random = new SecureRandom();
    var table = new TenantTable(engine, placements, now::get, random, marks);
    routes =
        OrderRoutes.of(table, now::get, random).stream()
            .collect(
                Collectors.toMap(route -> route.method() + " " + route.template(), route -> route));
  }

  void place() {
    for (var order = 0; order < ORDERS; order++) {
      now.updateAndGet(time -> time.plus(Duration.ofMinutes(60 + dice.nextInt(20))));
      for (var tenant : TENANTS) {
        var user = USERS.get(dice.nextInt(USERS.size()));
        var life = LIVES.get(order % LIVES.size());
        var _ =
            TenantContext.call(
                new Tenant(new TenantId(tenant), "standard"), () -> live(user, life));
      }
    }
  }

  private Response live(String user, List<String> life) {
    var body = body();
    var response = ask("POST", "/orders", Map.of(), user, body, Headers.NONE);
    var location = response.headers().first("Location").orElseThrow();
    var id = location.substring(location.lastIndexOf('/') + 1);
    for (var status : life) {
      now.updateAndGet(time -> time.plusSeconds(1));
      var etag = response.headers().first("ETag").orElseThrow();
      var moved = body.replaceFirst("\\{", "{\"status\":\"" + status + "\",");
      response =
          ask(
              "PUT",
              "/orders/{id}",
              Map.of("id", id),
              user,
              moved,
              Headers.NONE.with("If-Match", etag));
    }
    return response;
  }

  private String body() {
    var goods = GOODS.get(dice.nextInt(GOODS.size()));
    return """
    {"currency":"EUR","items":[{"sku":"%s-%d","name":"%s","quantity":%d,"unitPrice":%d}]}\
    """
        .formatted(
            goods.substring(0, 1),
            1 + dice.nextInt(9),
            goods,
            1 + dice.nextInt(40),
            90 + dice.nextInt(9_000));
  }

  private Response ask(
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
                Target.ROOT,
                headers.with("Content-Type", "application/json"),
                Body.of(body.getBytes(StandardCharsets.UTF_8)))
            .with(new Match.Found(route, parameters))
            .with(new Principal(user, Set.of()));
    return route.handler().handle(request);
  }
}
