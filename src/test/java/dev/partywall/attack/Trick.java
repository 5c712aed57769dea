package dev.partywall.attack;

import java.util.Set;
import java.util.function.Function;

/**
 * One way to try to reach a neighbour over HTTP.
 *
 * @param kind its name in the figures
 * @param statuses what it may be answered with; whatever it is, nothing of the neighbour is in it
 */
record Trick(String kind, Set<Integer> statuses, Function<Scene, Ask> ask) {
  static Trick of(String kind, int status, Function<Scene, Ask> ask) {
    return new Trick(kind, Set.of(status), ask);
  }
}
