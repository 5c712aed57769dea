package dev.partywall.runtime;

import dev.partywall.error.ApiException;
import dev.partywall.identity.TrustedIssuers;
import dev.partywall.metering.Metering;
import dev.partywall.operations.DependencyHealth;
import dev.partywall.operations.DependencyHealth.ProbeResult;
import dev.partywall.storage.PlacementGuard;
import dev.partywall.storage.TableProvisioning;
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
    TrustedIssuers issuers,
    TableProvisioning tables,
    PlacementGuard placementGuard,
    Metering metering,
    Telemetry telemetry,
    boolean createTables,
    InstantSource clock) {

  List<DependencyHealth> list() {
    var list = new ArrayList<DependencyHealth>();
    list.add(new DependencyHealth("issuers", this::keys, clock));
    list.add(new DependencyHealth("dynamodb", this::data, clock));
    list.add(new DependencyHealth("sts", () -> finding(telemetry.stsProblem()), clock));
    list.add(new DependencyHealth("usage", () -> finding(metering.status().problem()), clock));
    list.add(new DependencyHealth("log", () -> finding(telemetry.logProblem()), clock));
    return list;
  }

  /** One unavailable issuer must not block the tenants of the others. */
  private ProbeResult keys() {
    var problems =
        issuers.status().stream()
            .flatMap(status ->
                status.problem().map(problem -> status.issuer() + ": " + problem).stream())
            .toList();
    if (!issuers.ready()) {
      return ProbeResult.unusable(problems.isEmpty() ? "no keys yet" : String.join("; ", problems));
    }
    return problems.isEmpty()
        ? ProbeResult.HEALTHY
        : ProbeResult.degraded(String.join("; ", problems));
  }

  private static ProbeResult finding(Optional<String> problem) {
    return problem.map(ProbeResult::degraded).orElse(ProbeResult.HEALTHY);
  }

  private ProbeResult data() {
    try {
      if (createTables && !faults().isEmpty()) {
        tables.createMissing();
        placementGuard.createMissing();
      }
      var faults = faults();
      return faults.isEmpty()
          ? ProbeResult.HEALTHY
          : ProbeResult.unusable(String.join("; ", faults));
    } catch (ApiException _) {
      // A denial is in the log; every other cause is an outage.
      return ProbeResult.unusable("unreachable, or rejects the service's credentials");
    }
  }

  private List<String> faults() {
    var faults = new ArrayList<>(tables.faults());
    faults.addAll(placementGuard.faults());
    return faults;
  }
}
