package dev.partywall.attack;

import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The records of the registered tenants. Each has a name that contains a canary.
 *
 * @param namedIssuer the issuer that {@link AttackFixture#NAMING_TENANT} names
 * @param start the start of the second incarnation of {@link #SECOND_LIFE}
 */
record AttackRegistrations(
    TestPlacements placements, Canaries canaries, String namedIssuer, Instant start) {
  /** Tenants that are not served, by name. They are not among the attackers and targets. */
  static final Map<String, TenantStatus> INACTIVE =
      Map.of(
          "acme-suspended",
          TenantStatus.SUSPENDED,
          "acme-provisioning",
          TenantStatus.PROVISIONING,
          "acme-failed",
          TenantStatus.FAILED,
          "acme-offboarding",
          TenantStatus.OFFBOARDING,
          "acme-offboarded",
          TenantStatus.OFFBOARDED,
          PartialImport.TENANT,
          TenantStatus.ACTIVE);

  /** A tenant in its second incarnation, which is not among the attackers and targets. */
  static final String SECOND_LIFE = "acme-second";

  /** Returns the records of these tenants and of the special ones. */
  List<TenantRecord> of(List<String> names) {
    var random = new SplittableRandom();
    var special = Stream.of(AttackFixture.NAMING_TENANT, SECOND_LIFE);
    return Stream.of(names.stream(), special, INACTIVE.keySet().stream())
        .flatMap(group -> group)
        .map(name -> record(name, canaries.issue(name, random)))
        .toList();
  }

  private TenantRecord record(String name, String canary) {
    var plain = placements.registration(new TenantId(name));
    var isSecondLife = name.equals(SECOND_LIFE);
    return new TenantRecord(
        plain.id(),
        "Tenant " + canary,
        plain.tier(),
        INACTIVE.getOrDefault(name, plain.status()),
        plain.placement(),
        plain.overrides(),
        name.equals(AttackFixture.NAMING_TENANT) ? Set.of(namedIssuer) : Set.of(),
        isSecondLife ? start : plain.createdAt(),
        plain.updatedAt(),
        plain.version(),
        isSecondLife ? 2 : 1);
  }
}
