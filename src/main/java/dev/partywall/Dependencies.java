package dev.partywall;

import dev.partywall.http.Refused;
import dev.partywall.identity.IssuerStatus;
import dev.partywall.identity.Issuers;
import dev.partywall.metering.Metering;
import dev.partywall.metering.UsageTable;
import dev.partywall.operations.Dependency;
import dev.partywall.storage.Tables;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the service leans on, as readiness looks at it.
 *
 * @param createTables makes tables when they are first missed, so that a start never waits for AWS
 */
record Dependencies(
    Issuers issuers,
    Tables tables,
    UsageTable usage,
    Metering metering,
    boolean createTables,
    InstantSource clock) {

  List<Dependency> list() {
    var list = new ArrayList<Dependency>();
    issuers.status().forEach(status -> list.add(issuer(status.issuer())));
    list.add(new Dependency("dynamodb", this::tableFaults, clock));
    list.add(new Dependency("usage", () -> metering.status().problem(), clock));
    return list;
  }

  private Dependency issuer(String name) {
    return new Dependency("issuer " + name, () -> keys(name), clock);
  }

  private Optional<String> keys(String issuer) {
    return issuers.status().stream()
        .filter(status -> status.issuer().equals(issuer))
        .findFirst()
        .flatMap(Dependencies::problem);
  }

  private static Optional<String> problem(IssuerStatus status) {
    return status.ready() ? status.problem() : Optional.of("no keys yet");
  }

  private Optional<String> tableFaults() {
    try {
      if (createTables && !faults().isEmpty()) {
        tables.createMissing();
        usage.createMissing();
      }
      return faults().stream().reduce((one, other) -> one + "; " + other);
    } catch (Refused _) {
      // Calls has logged what it is if it is not just away.
      return Optional.of("it can't be reached, or refuses this service's credentials");
    }
  }

  private List<String> faults() {
    var faults = new ArrayList<>(tables.faults());
    faults.addAll(usage.faults());
    return faults;
  }
}
