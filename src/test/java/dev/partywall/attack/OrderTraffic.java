package dev.partywall.attack;

import dev.partywall.http.server.RawClient.RawResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The order traffic of one user, with the expected state of the user's orders. Concurrent attacks
 * must not change, hide or add an order.
 */
final class OrderTraffic {
  private static final int MAX_ORDERS = 20;
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final AttackFixture fixture;
  private final SeededTenant tenant;
  private final String user;
  private final AttackHttpClient client;
  private final RandomGenerator random;
  private final TreeMap<String, Expected> orders = new TreeMap<>();
  private int noteCount;

  /** The expected state of an order. */
  private record Expected(int version, String note) {}

  OrderTraffic(
      AttackFixture fixture,
      SeededTenant tenant,
      String user,
      AttackHttpClient client,
      RandomGenerator random) {
    this.fixture = fixture;
    this.tenant = tenant;
    this.user = user;
    this.client = client;
    this.random = random;
  }

  /** Executes one random operation. */
  void step() {
    if (orders.isEmpty() || (orders.size() < MAX_ORDERS && random.nextInt(4) == 0)) {
      place();
      return;
    }
    var id = List.copyOf(orders.keySet()).get(random.nextInt(orders.size()));
    switch (random.nextInt(4)) {
      case 0 -> read(id);
      case 1 -> change(id);
      case 2 -> list();
      default -> cancel(id);
    }
  }

  private void place() {
    var note = note();
    var answer =
        exchange(
            ApiRequest.of("POST", "/orders").withJson(SeededTenant.orderJson("A-1", note)), 201);
    var id = answer.field("Location").orElse("").replace("/orders/", "");
    fixture.canaries().register(id, tenant.name());
    orders.put(id, new Expected(1, note));
  }

  private void read(String id) {
    checkState(id, exchange(ApiRequest.get("/orders/" + id), 200));
  }

  private void change(String id) {
    var before = orders.get(id);
    var after = new Expected(before.version() + 1, note());
    var request =
        ApiRequest.of("PUT", "/orders/" + id)
            .withHeader("If-Match: \"" + before.version() + "\"")
            .withJson(SeededTenant.orderJson("A-1", after.note()));
    var answer = exchange(request, 200);
    orders.put(id, after);
    checkState(id, answer);
  }

  private void cancel(String id) {
    exchange(ApiRequest.of("DELETE", "/orders/" + id), 204);
    orders.remove(id);
    exchange(ApiRequest.get("/orders/" + id), 404);
  }

  private void list() {
    var answer = exchange(ApiRequest.get("/orders?limit=100&user=me"), 200);
    var listed = new TreeSet<String>();
    ID.matcher(answer.text())
        .results()
        .map((MatchResult match) -> match.group(1))
        .forEach(listed::add);
    if (!listed.equals(orders.keySet())) {
      fixture
          .findings()
          .report(user + " of " + tenant.name() + " lists " + listed + " instead of " + orders);
    }
  }

  private String note() {
    return tenant.canary() + " " + noteCount++;
  }

  private void checkState(String id, RawResponse answer) {
    var expected = orders.get(id);
    if (!answer.text().contains("\"note\":\"" + expected.note() + "\"")
        || !answer.text().contains("\"version\":" + expected.version())) {
      fixture.findings().report("order " + id + " differs from " + expected + ": " + answer.text());
    }
  }

  private RawResponse exchange(ApiRequest request, int status) {
    var authenticated = request.withToken(fixture.tokens().of(tenant.name(), user));
    var answer = client.send(authenticated);
    fixture.responseProbe().check("order traffic", Set.of(status), tenant, authenticated, answer);
    return answer;
  }
}
