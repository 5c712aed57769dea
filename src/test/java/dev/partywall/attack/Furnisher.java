package dev.partywall.attack;

import dev.partywall.http.RawClient.Answer;
import dev.partywall.tenancy.TenantId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Creates the data of the tenants by placing orders over HTTP. */
final class Furnisher implements AutoCloseable {
  private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");
  private static final int ORDERS_PER_USER = 3;

  private final House fixture;
  private final RandomGenerator random;
  private final Phone client;

  Furnisher(House fixture, RandomGenerator random) {
    this.fixture = fixture;
    this.random = random;
    this.client = new Phone(fixture.port());
  }

  /** Places orders of each of its users, and one with the idempotency key that all tenants use. */
  Resident moveIn(String name) {
    var location = fixture.placements().homeOf(new TenantId(name));
    var canary = fixture.canaries().issue(name, random);
    var withoutOrders = new Resident(name, location, canary, List.of(), List.of());
    var orders = new ArrayList<String>();
    for (var user : List.of(withoutOrders.user(), Resident.ALICE)) {
      for (var i = 0; i < ORDERS_PER_USER; i++) {
        orders.add(
            place(withoutOrders, user, Ask.of("POST", "/orders").json(withoutOrders.order())));
      }
    }
    orders.add(
        place(
            withoutOrders,
            Resident.ALICE,
            Ask.of("POST", "/orders")
                .json(Resident.plainOrder())
                .with("Idempotency-Key: " + Resident.KEY)));
    Collections.reverse(orders);
    return new Resident(name, location, canary, List.copyOf(orders), cursors(withoutOrders));
  }

  private String place(Resident tenant, String user, Ask request) {
    var answer = client.ask(request.as(fixture.tokens().of(tenant.name(), user)));
    require(answer, 201);
    var header = answer.field("Location").orElseThrow();
    var id = header.substring(header.lastIndexOf('/') + 1);
    fixture.canaries().own(id, tenant.name());
    return id;
  }

  private List<String> cursors(Resident tenant) {
    return List.of(
        cursor(tenant, "/orders?limit=1"),
        cursor(tenant, "/orders?limit=1&status=placed"),
        cursor(tenant, "/orders?limit=1&user=" + tenant.user()));
  }

  private String cursor(Resident tenant, String target) {
    var answer = client.ask(Ask.get(target).as(fixture.tokens().of(tenant.name(), Resident.ALICE)));
    require(answer, 200);
    var next = NEXT.matcher(answer.text());
    if (!next.find()) {
      throw new AssertionError("the response has no next page: " + answer);
    }
    return next.group(1);
  }

  private static void require(Answer answer, int status) {
    if (answer.status() != status) {
      throw new AssertionError("expected status " + status + ": " + answer);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
