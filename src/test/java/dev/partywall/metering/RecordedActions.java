package dev.partywall.metering;

import static dev.partywall.metering.meter.MeteredTenant.first;

import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The actions that the {@link ActionRecorder} of a killed service recorded, and the resulting
 * bounds.
 */
final class RecordedActions {
  private final Map<Long, List<Usage>> attempted = new HashMap<>();
  private final List<List<Usage>> done = new ArrayList<>();
  private final Map<Usage.TenantHour, Amounts> upperBound = new HashMap<>();
  private final Map<Usage.TenantHour, Amounts> lowerBound = new HashMap<>();
  private final Map<TenantId, Set<String>> acknowledgedOrders = new HashMap<>();
  private int flushed;

  RecordedActions(List<String> lines) {
    lines.stream()
        .filter(line -> line.endsWith(ActionRecorder.END))
        .forEach(line -> parse(List.of(line.split(" "))));
  }

  /** Returns the upper bound of the ledger: all usage that may have been metered. */
  Map<Usage.TenantHour, Amounts> upperBound() {
    return upperBound;
  }

  /** Returns the lower bound of the ledger: the usage metered before the last completed flush. */
  Map<Usage.TenantHour, Amounts> lowerBound() {
    return lowerBound;
  }

  /** Returns the acknowledged orders. */
  Set<String> acknowledgedOrders(TenantId tenant) {
    return acknowledgedOrders.getOrDefault(tenant, Set.of());
  }

  private void parse(List<String> fields) {
    switch (fields.getFirst()) {
      case "may" -> addAttempt(Long.parseLong(fields.get(1)), usage(fields));
      case "done" -> done.add(attempted.get(Long.parseLong(fields.get(1))));
      case "flushed" -> flushed(Integer.parseInt(fields.get(1)));
      case "order" ->
          acknowledgedOrders
              .computeIfAbsent(new TenantId(fields.get(1)), _ -> new HashSet<>())
              .add(fields.get(2));
      default -> {
        // A progress line, used only to choose the moment of the kill.
      }
    }
  }

  private static Usage usage(List<String> fields) {
    var amounts = Amounts.of(KernelMeter.valueOf(fields.get(4)), Long.parseLong(fields.get(5)));
    return Usage.of(first(new TenantId(fields.get(2))), Instant.parse(fields.get(3)), amounts);
  }

  private void addAttempt(long request, Usage part) {
    attempted.computeIfAbsent(request, _ -> new ArrayList<>()).add(part);
    upperBound.merge(part.tenantHour(), part.amounts(), Amounts::plus);
  }

  private void flushed(int requests) {
    done.subList(flushed, requests).stream()
        .flatMap(List::stream)
        .forEach(part -> lowerBound.merge(part.tenantHour(), part.amounts(), Amounts::plus));
    flushed = requests;
  }
}
