package dev.partywall.attack;

import java.util.List;
import java.util.random.RandomGenerator;

/** Who tries it, on whom. */
record Scene(House house, Resident me, Resident them, RandomGenerator dice) {
  /** A good token of the one who tries. */
  String token() {
    return house.tokens().of(me.name(), Resident.ALICE);
  }

  /** A request with a good token. */
  Ask ask(String method, String target) {
    return Ask.of(method, target).as(token());
  }

  Ask get(String target) {
    return ask("GET", target);
  }

  /** The neighbour's order. */
  String theirOrder() {
    return oneOf(them.orders());
  }

  String theirPath() {
    return "/orders/" + theirOrder();
  }

  /** A partition key that the neighbour's items lie under. */
  String theirKey() {
    return oneOf(them.home().partitionKeys());
  }

  String myKey() {
    return oneOf(me.home().partitionKeys());
  }

  <T> T oneOf(List<T> things) {
    return things.get(dice.nextInt(things.size()));
  }
}
