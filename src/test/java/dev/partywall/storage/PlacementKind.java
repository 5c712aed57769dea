package dev.partywall.storage;

import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.util.HashMap;
import java.util.List;

/** The kinds of placement. Table tests run with each of them. */
public enum PlacementKind {
  POOL,
  /** Imports have replaced the content of these tenants eleven times. */
  SHARDED,
  SILO;

  private static final int LATER_REVISION = 12;

  /** Returns placements in which all of these tenants have this kind. */
  public TestPlacements placementsOf(String prefix, List<TenantId> tenants) {
    var placements = new HashMap<TenantId, Placement>();
    tenants.forEach(tenant -> placements.put(tenant, placement()));
    return new TestPlacements(
        prefix + "orders",
        placements,
        this == SHARDED ? LATER_REVISION : TenantLocation.FIRST_REVISION);
  }

  private Placement placement() {
    return switch (this) {
      case POOL -> new Placement.Pool();
      case SHARDED -> new Placement.ShardedPool(4);
      case SILO -> new Placement.Silo();
    };
  }
}
