package dev.partywall.attack;

import java.util.Set;
import java.util.function.Function;

/**
 * An attempt at cross-tenant access over HTTP.
 *
 * @param kind the name in the summary
 * @param statuses the allowed statuses; in each case, the response contains no data of the target
 */
record Trick(String kind, Set<Integer> statuses, Function<Scene, Ask> ask) {
  static Trick of(String kind, int status, Function<Scene, Ask> ask) {
    return new Trick(kind, Set.of(status), ask);
  }
}
