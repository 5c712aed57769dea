package dev.partywall.runtime;

import dev.partywall.error.ApiException;
import dev.partywall.identity.TrustedIssuers;
import dev.partywall.metering.Metering;
import dev.partywall.operations.DependencyHealth;
import dev.partywall.operations.DependencyHealth.ProbeResult;
import dev.partywall.operations.Provisioning;
import dev.partywall.operations.tenants.AdoptTenants;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The dependencies that readiness probes. A probe changes no data. */
record Dependencies(
    AwsClients aws,
    TrustedIssuers issuers,
    Provisioning provisioning,
    Tenancy tenancy,
    Metering metering,
    Telemetry telemetry,
    InstantSource clock) {

  List<DependencyHealth> list() {
    var list = new ArrayList<DependencyHealth>();
    list.add(new DependencyHealth("issuers", this::keys, clock));
    list.add(new DependencyHealth("dynamodb", this::data, clock));
    list.add(new DependencyHealth("sts", this::credentials, clock));
    list.add(new DependencyHealth("usage", () -> finding(metering.status().problem()), clock));
    var adoption = tenancy.adoption(() -> metering.hasUsage(AdoptTenants.PERIOD));
    list.add(new DependencyHealth("registry", () -> registry(adoption), clock));
    list.add(new DependencyHealth("clock", () -> finding(clockFault()), clock));
    list.add(new DependencyHealth("tiers", () -> finding(tenancy.tierProblem()), clock));
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

  /**
   * An installation that had no registry must adopt its tenants before the first instance of this
   * release is ready: until then, the earlier release serves them. Therefore the registry is not
   * usable before it is known that this is done.
   */
  private ProbeResult registry(Adoption adoption) {
    if (!tenancy.isRegistryRead()) {
      return ProbeResult.unusable(tenancy.registryProblem().orElse("not read yet"));
    }
    try {
      return tenancy.hasNoTenants() && adoption.isRequired()
          ? ProbeResult.unusable("tenants not adopted: run the command adopt-tenants")
          : finding(tenancy.registryProblem());
    } catch (ApiException _) {
      return ProbeResult.unusable("the former placements or the ledger cannot be read");
    }
  }

  /** With a wrong clock, this instance deletes no tenant. */
  private Optional<String> clockFault() {
    return aws.checkedClock().fault();
  }

  /** A service that has never got credentials of a tenant cannot serve any tenant. */
  private ProbeResult credentials() {
    return aws.credentialProblemAtStart()
        .map(ProbeResult::unusable)
        .orElseGet(() -> finding(telemetry.stsProblem()));
  }

  private static ProbeResult finding(Optional<String> problem) {
    return problem.map(ProbeResult::degraded).orElse(ProbeResult.HEALTHY);
  }

  private ProbeResult data() {
    try {
      var faults = provisioning.faults();
      return faults.isEmpty()
          ? ProbeResult.HEALTHY
          : ProbeResult.unusable(String.join("; ", faults));
    } catch (ApiException _) {
      // A denial is in the log; every other cause is an outage.
      return ProbeResult.unusable("unreachable, or rejects the service's credentials");
    }
  }
}
