package dev.partywall;

import dev.partywall.http.Refused;
import dev.partywall.identity.Issuers;
import dev.partywall.metering.Metering;
import dev.partywall.metering.UsageTable;
import dev.partywall.operations.Dependency;
import dev.partywall.operations.Dependency.Finding;
import dev.partywall.storage.PlacementMemory;
import dev.partywall.storage.Tables;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The dependencies that readiness probes.
 *
 * @param createTables whether a probe creates missing tables, so the start never waits for AWS
 */
record Dependencies(
    Issuers issuers,
    Tables tables,
    UsageTable usage,
    PlacementMemory memory,
    Metering metering,
    Signals signals,
    boolean createTables,
    InstantSource clock) {

  List<Dependency> list() {
    var list = new ArrayList<Dependency>();
    list.add(new Dependency("issuers", this::keys, clock));
    list.add(new Dependency("dynamodb", this::data, clock));
    list.add(new Dependency("sts", () -> finding(signals.stsProblem()), clock));
    list.add(new Dependency("usage", () -> finding(metering.status().problem()), clock));
    list.add(new Dependency("log", () -> finding(signals.logProblem()), clock));
    return list;
  }

  /** One unavailable issuer must not block the tenants of the others. */
  private Finding keys() {
    var problems =
        issuers.status().stream()
            .flatMap(status ->
                status.problem().map(problem -> status.issuer() + ": " + problem).stream())
            .toList();
    if (!issuers.ready()) {
      return Finding.away(problems.isEmpty() ? "no keys yet" : String.join("; ", problems));
    }
    return problems.isEmpty() ? Finding.WELL : Finding.impaired(String.join("; ", problems));
  }

  private static Finding finding(Optional<String> problem) {
    return problem.map(Finding::impaired).orElse(Finding.WELL);
  }

  private Finding data() {
    try {
      if (createTables && !faults().isEmpty()) {
        tables.createMissing();
        usage.createMissing();
        memory.createMissing();
      }
      var faults = faults();
      return faults.isEmpty() ? Finding.WELL : Finding.away(String.join("; ", faults));
    } catch (Refused _) {
      // DynamoErrors has logged the cause, unless DynamoDB is merely unavailable.
      return Finding.away("unreachable, or rejects the service's credentials");
    }
  }

  private List<String> faults() {
    var faults = new ArrayList<>(tables.faults());
    faults.addAll(usage.faults());
    faults.addAll(memory.faults());
    return faults;
  }
}
