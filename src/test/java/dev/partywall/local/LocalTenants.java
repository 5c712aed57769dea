package dev.partywall.local;

import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Registers the sample tenants of the local stack. */
public final class LocalTenants {
  private LocalTenants() {}

  /** Registers acme, globex and initech, in the tiers premium, standard and free. */
  static void register(DynamoDbClient engine, String prefix) {
    var now = Instant.now();
    register(
        engine,
        prefix,
        List.of(
            tenant("acme", "Acme GmbH", "premium", now),
            tenant("globex", "Globex Corporation", "standard", now),
            tenant("initech", "Initech Inc.", "free", now)));
  }

  /**
   * Registers tenants.
   *
   * @param engine a client that bypasses the local IAM enforcer
   * @param prefix the prefix of the table names
   */
  public static void register(DynamoDbClient engine, String prefix, List<TenantRecord> tenants) {
    var registry =
        new DynamoTenantRegistry(engine, prefix, InstantSource.system(), new SecureRandom());
    for (var tenant : tenants) {
      if (!(registry.create(tenant, Optional.empty()) instanceof Creation.Created)) {
        throw new IllegalStateException("The tenant exists: " + tenant.id());
      }
    }
  }

  private static TenantRecord tenant(String id, String name, String tier, Instant now) {
    return new TenantRecord(
        new TenantId(id),
        name,
        tier,
        TenantStatus.ACTIVE,
        new Placement.Pool(),
        Overrides.NONE,
        Set.of(),
        now,
        now,
        1,
        1);
  }
}
