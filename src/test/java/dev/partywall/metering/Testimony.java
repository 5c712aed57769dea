package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The actions that the {@link Witness} of a killed service recorded, and the resulting bounds. */
final class Testimony {
  private final Map<Long, List<Usage>> attempted = new HashMap<>();
  private final List<List<Usage>> done = new ArrayList<>();
  private final Map<Usage.Slot, Amounts> most = new HashMap<>();
  private final Map<Usage.Slot, Amounts> least = new HashMap<>();
  private final Map<TenantId, Set<String>> orders = new HashMap<>();
  private int flushed;

  Testimony(List<String> lines) {
    lines.stream()
        .filter(line -> line.endsWith(Witness.END))
        .forEach(line -> parse(List.of(line.split(" "))));
  }

  /** Returns the upper bound of the ledger: all usage that may have been metered. */
  Map<Usage.Slot, Amounts> most() {
    return most;
  }

  /** Returns the lower bound of the ledger: the usage metered before the last completed flush. */
  Map<Usage.Slot, Amounts> least() {
    return least;
  }

  /** Returns the acknowledged orders. */
  Set<String> orders(TenantId tenant) {
    return orders.getOrDefault(tenant, Set.of());
  }

  private void parse(List<String> fields) {
    switch (fields.getFirst()) {
      case "may" -> addAttempt(Long.parseLong(fields.get(1)), usage(fields));
      case "done" -> done.add(attempted.get(Long.parseLong(fields.get(1))));
      case "flushed" -> flushed(Integer.parseInt(fields.get(1)));
      case "order" ->
          orders
              .computeIfAbsent(new TenantId(fields.get(1)), _ -> new HashSet<>())
              .add(fields.get(2));
      default -> {
        // A progress line, used only to choose the moment of the kill.
      }
    }
  }

  private static Usage usage(List<String> fields) {
    var amounts = Amounts.of(Measure.valueOf(fields.get(4)), Long.parseLong(fields.get(5)));
    return Usage.of(new TenantId(fields.get(2)), Instant.parse(fields.get(3)), amounts);
  }

  private void addAttempt(long request, Usage part) {
    attempted.computeIfAbsent(request, _ -> new ArrayList<>()).add(part);
    most.merge(part.slot(), part.amounts(), Amounts::plus);
  }

  private void flushed(int requests) {
    done.subList(flushed, requests).stream()
        .flatMap(List::stream)
        .forEach(part -> least.merge(part.slot(), part.amounts(), Amounts::plus));
    flushed = requests;
  }
}
