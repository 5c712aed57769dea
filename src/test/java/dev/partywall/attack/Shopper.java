package dev.partywall.attack;

import dev.partywall.http.RawClient.Answer;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A user who does what users do, and remembers what must come of it: nothing that is tried around
 * him may change, hide or add an order of his.
 */
final class Shopper {
  private static final int MOST = 20;
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final House house;
  private final Resident resident;
  private final String user;
  private final Phone phone;
  private final RandomGenerator dice;
  private final TreeMap<String, Known> orders = new TreeMap<>();
  private int notes;

  /** What he knows of an order. */
  private record Known(int version, String note) {}

  Shopper(House house, Resident resident, String user, Phone phone, RandomGenerator dice) {
    this.house = house;
    this.resident = resident;
    this.user = user;
    this.phone = phone;
    this.dice = dice;
  }

  /** Does one thing. */
  void step() {
    if (orders.isEmpty() || (orders.size() < MOST && dice.nextInt(4) == 0)) {
      place();
      return;
    }
    var id = List.copyOf(orders.keySet()).get(dice.nextInt(orders.size()));
    switch (dice.nextInt(4)) {
      case 0 -> read(id);
      case 1 -> change(id);
      case 2 -> list();
      default -> cancel(id);
    }
  }

  private void place() {
    var note = note();
    var answer = ask(Ask.of("POST", "/orders").json(Resident.order("A-1", note)), 201);
    var id = answer.field("Location").orElse("").replace("/orders/", "");
    house.canaries().own(id, resident.name());
    orders.put(id, new Known(1, note));
  }

  private void read(String id) {
    require(id, ask(Ask.get("/orders/" + id), 200));
  }

  private void change(String id) {
    var before = orders.get(id);
    var after = new Known(before.version() + 1, note());
    var ask =
        Ask.of("PUT", "/orders/" + id)
            .with("If-Match: \"" + before.version() + "\"")
            .json(Resident.order("A-1", after.note()));
    var answer = ask(ask, 200);
    orders.put(id, after);
    require(id, answer);
  }

  private void cancel(String id) {
    ask(Ask.of("DELETE", "/orders/" + id), 204);
    orders.remove(id);
    ask(Ask.get("/orders/" + id), 404);
  }

  private void list() {
    var answer = ask(Ask.get("/orders?limit=100&user=me"), 200);
    var seen = new TreeSet<String>();
    ID.matcher(answer.text()).results().map((MatchResult it) -> it.group(1)).forEach(seen::add);
    if (!seen.equals(orders.keySet())) {
      house
          .findings()
          .breach(user + " of " + resident.name() + " sees " + seen + ", not " + orders);
    }
  }

  private String note() {
    return resident.canary() + " " + notes++;
  }

  private void require(String id, Answer answer) {
    var known = orders.get(id);
    if (!answer.text().contains("\"note\":\"" + known.note() + "\"")
        || !answer.text().contains("\"version\":" + known.version())) {
      house.findings().breach(id + " is not " + known + ": " + answer.text());
    }
  }

  private Answer ask(Ask ask, int status) {
    var whole = ask.as(house.tokens().of(resident.name(), user));
    var answer = phone.ask(whole);
    house.eye().check("a shopper", Set.of(status), resident, whole, answer);
    return answer;
  }
}
