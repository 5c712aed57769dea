package dev.partywall.attack;

import dev.partywall.http.RawClient.Answer;
import dev.partywall.tenancy.TenantId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Moves residents in: their orders are placed as anybody places orders. */
final class Furnisher implements AutoCloseable {
  private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");
  private static final int ORDERS = 3;

  private final House house;
  private final RandomGenerator random;
  private final Phone phone;

  Furnisher(House house, RandomGenerator random) {
    this.house = house;
    this.random = random;
    this.phone = new Phone(house.port());
  }

  /** Each of its users has placed some, and one by the key that everybody has used. */
  Resident moveIn(String name) {
    var home = house.placements().homeOf(new TenantId(name));
    var canary = house.canaries().issue(name, random);
    var bare = new Resident(name, home, canary, List.of(), List.of());
    var orders = new ArrayList<String>();
    for (var user : List.of(bare.user(), Resident.ALICE)) {
      for (var i = 0; i < ORDERS; i++) {
        orders.add(place(bare, user, Ask.of("POST", "/orders").json(bare.order())));
      }
    }
    orders.add(
        place(
            bare,
            Resident.ALICE,
            Ask.of("POST", "/orders")
                .json(Resident.plainOrder())
                .with("Idempotency-Key: " + Resident.KEY)));
    Collections.reverse(orders);
    return new Resident(name, home, canary, List.copyOf(orders), cursors(bare));
  }

  private String place(Resident resident, String user, Ask ask) {
    var answer = phone.ask(ask.as(house.tokens().of(resident.name(), user)));
    require(answer, 201);
    var location = answer.field("Location").orElseThrow();
    var id = location.substring(location.lastIndexOf('/') + 1);
    house.canaries().own(id, resident.name());
    return id;
  }

  private List<String> cursors(Resident resident) {
    return List.of(
        cursor(resident, "/orders?limit=1"),
        cursor(resident, "/orders?limit=1&status=placed"),
        cursor(resident, "/orders?limit=1&user=" + resident.user()));
  }

  private String cursor(Resident resident, String target) {
    var answer = phone.ask(Ask.get(target).as(house.tokens().of(resident.name(), Resident.ALICE)));
    require(answer, 200);
    var next = NEXT.matcher(answer.text());
    if (!next.find()) {
      throw new AssertionError("no next page: " + answer);
    }
    return next.group(1);
  }

  private static void require(Answer answer, int status) {
    if (answer.status() != status) {
      throw new AssertionError("not " + status + ": " + answer);
    }
  }

  @Override
  public void close() {
    phone.close();
  }
}
