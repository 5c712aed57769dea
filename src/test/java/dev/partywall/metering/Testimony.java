package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the {@link Witness} of a service that was killed had said, and what follows from it. */
final class Testimony {
  private final Map<Long, List<Usage>> begun = new HashMap<>();
  private final List<List<Usage>> done = new ArrayList<>();
  private final Map<Usage.Slot, Amounts> most = new HashMap<>();
  private final Map<Usage.Slot, Amounts> least = new HashMap<>();
  private final Map<TenantId, Set<String>> orders = new HashMap<>();
  private int flushed;

  Testimony(List<String> lines) {
    lines.stream()
        .filter(line -> line.endsWith(" ."))
        .forEach(line -> hear(List.of(line.split(" "))));
  }

  /** What can be in the ledger: all that may have been metered. */
  Map<Usage.Slot, Amounts> most() {
    return most;
  }

  /** What has to be in the ledger: what was metered before the last flush that has ended. */
  Map<Usage.Slot, Amounts> least() {
    return least;
  }

  /** Orders that it has acknowledged. */
  Set<String> orders(TenantId tenant) {
    return orders.getOrDefault(tenant, Set.of());
  }

  private void hear(List<String> words) {
    switch (words.getFirst()) {
      case "may" -> may(Long.parseLong(words.get(1)), usage(words));
      case "done" -> done.add(begun.get(Long.parseLong(words.get(1))));
      case "flushed" -> flushed(Integer.parseInt(words.get(1)));
      case "order" ->
          orders
              .computeIfAbsent(new TenantId(words.get(1)), _ -> new HashSet<>())
              .add(words.get(2));
      default -> {
        // Where it is, for who wants to kill it there.
      }
    }
  }

  private static Usage usage(List<String> words) {
    var amounts = Amounts.of(Measure.valueOf(words.get(4)), Long.parseLong(words.get(5)));
    return Usage.of(new TenantId(words.get(2)), Instant.parse(words.get(3)), amounts);
  }

  private void may(long request, Usage part) {
    begun.computeIfAbsent(request, _ -> new ArrayList<>()).add(part);
    most.merge(part.slot(), part.amounts(), Amounts::plus);
  }

  private void flushed(int requests) {
    done.subList(flushed, requests).stream()
        .flatMap(List::stream)
        .forEach(part -> least.merge(part.slot(), part.amounts(), Amounts::plus));
    flushed = requests;
  }
}
