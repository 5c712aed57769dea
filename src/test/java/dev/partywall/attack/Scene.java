package dev.partywall.attack;

import java.util.List;
import java.util.random.RandomGenerator;

/** An attacking tenant and its target. */
record Scene(House house, Resident me, Resident them, RandomGenerator dice) {
  /** Returns a valid token of the attacker. */
  String token() {
    return house.tokens().of(me.name(), Resident.ALICE);
  }

  /** Returns a request with a valid token of the attacker. */
  Ask ask(String method, String path) {
    return Ask.of(method, path).as(token());
  }

  Ask get(String path) {
    return ask("GET", path);
  }

  /** Returns the id of one of the target's orders. */
  String theirOrder() {
    return oneOf(them.orders());
  }

  String theirPath() {
    return "/orders/" + theirOrder();
  }

  /** Returns one of the target's partition keys. */
  String theirKey() {
    return oneOf(them.home().partitionKeys());
  }

  String myKey() {
    return oneOf(me.home().partitionKeys());
  }

  <T> T oneOf(List<T> values) {
    return values.get(dice.nextInt(values.size()));
  }
}
