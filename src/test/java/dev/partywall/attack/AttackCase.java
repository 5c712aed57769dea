package dev.partywall.attack;

import java.util.Set;
import java.util.function.Function;

/**
 * An attempt at cross-tenant access over HTTP.
 *
 * @param kind the name in the summary
 * @param statuses the allowed statuses; in each case, the response contains no data of the target
 */
record AttackCase(String kind, Set<Integer> statuses, Function<AttackScene, ApiRequest> request) {
  static AttackCase of(String kind, int status, Function<AttackScene, ApiRequest> ask) {
    return new AttackCase(kind, Set.of(status), ask);
  }
}
