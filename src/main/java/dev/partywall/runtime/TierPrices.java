package dev.partywall.runtime;

import dev.partywall.tenancy.Tiers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares the tiers of the service with those of the price list. A difference is valid, but it can
 * be a misspelt name, whose tier would be free.
 *
 * @param listed the names of the tiers in the current version of the price list
 */
record TierPrices(Tiers tiers, Set<String> listed) {
  /** Returns a warning for each name that only one of them contains, in the order of the names. */
  List<String> warnings() {
    var free =
        tiers.names().stream()
            .filter(name -> !listed.contains(name))
            .map(name ->
                "PARTYWALL_PRICES does not list the tier %s: its usage is free".formatted(name));
    var unknown =
        new TreeSet<>(listed)
            .stream()
                .filter(name -> !tiers.contains(name))
                .map(name -> "PARTYWALL_PRICES lists %s, which is not a tier".formatted(name));
    return Stream.concat(free, unknown).toList();
  }
}
