package dev.partywall.attack;

import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.tenancy.TenantId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Creates the data of the tenants by placing orders over HTTP. */
final class DataSeeder implements AutoCloseable {
  private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");
  private static final int ORDERS_PER_USER = 3;

  private final AttackFixture fixture;
  private final RandomGenerator random;
  private final AttackHttpClient client;

  DataSeeder(AttackFixture fixture, RandomGenerator random) {
    this.fixture = fixture;
    this.random = random;
    this.client = new AttackHttpClient(fixture.port());
  }

  /** Places orders of each of its users, and one with the idempotency key that all tenants use. */
  SeededTenant seed(String name) {
    var tenant = fixture.placements().tenant(new TenantId(name));
    var location = fixture.placements().locations().of(tenant);
    var canary = fixture.canaries().issue(name, random);
    var withoutOrders = new SeededTenant(tenant, location, canary, List.of(), List.of());
    var orders = new ArrayList<String>();
    for (var user : List.of(withoutOrders.uniqueUser(), SeededTenant.COMMON_USER)) {
      for (var i = 0; i < ORDERS_PER_USER; i++) {
        orders.add(
            place(
                withoutOrders,
                user,
                ApiRequest.of("POST", "/orders").withJson(withoutOrders.orderJson())));
      }
    }
    orders.add(
        place(
            withoutOrders,
            SeededTenant.COMMON_USER,
            ApiRequest.of("POST", "/orders")
                .withJson(SeededTenant.plainOrderJson())
                .withHeader("Idempotency-Key: " + SeededTenant.IDEMPOTENCY_KEY)));
    Collections.reverse(orders);
    return new SeededTenant(tenant, location, canary, List.copyOf(orders), cursors(withoutOrders));
  }

  private String place(SeededTenant tenant, String user, ApiRequest request) {
    var answer = client.send(request.withToken(fixture.tokens().of(tenant.name(), user)));
    require(answer, 201);
    var header = answer.field("Location").orElseThrow();
    var id = header.substring(header.lastIndexOf('/') + 1);
    fixture.canaries().register(id, tenant.name());
    return id;
  }

  private List<String> cursors(SeededTenant tenant) {
    return List.of(
        cursor(tenant, "/orders?limit=1"),
        cursor(tenant, "/orders?limit=1&status=placed"),
        cursor(tenant, "/orders?limit=1&user=" + tenant.uniqueUser()));
  }

  private String cursor(SeededTenant tenant, String target) {
    var answer =
        client.send(
            ApiRequest.get(target)
                .withToken(fixture.tokens().of(tenant.name(), SeededTenant.COMMON_USER)));
    require(answer, 200);
    var next = NEXT.matcher(answer.text());
    if (!next.find()) {
      throw new AssertionError("the response has no next page: " + answer);
    }
    return next.group(1);
  }

  private static void require(RawResponse answer, int status) {
    if (answer.status() != status) {
      throw new AssertionError("expected status " + status + ": " + answer);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
