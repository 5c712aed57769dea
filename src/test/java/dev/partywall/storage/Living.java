package dev.partywall.storage;

import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantId;
import java.util.HashMap;
import java.util.List;

/** The ways in which tenants can live; what holds for a table must hold in each of them. */
public enum Living {
  POOL,
  SHARDED,
  SILO;

  /** All of these tenants living this way. */
  public Placements of(String prefix, List<TenantId> tenants) {
    var named = new HashMap<TenantId, Placement>();
    tenants.forEach(tenant -> named.put(tenant, placement()));
    return new Placements(prefix, named);
  }

  private Placement placement() {
    return switch (this) {
      case POOL -> new Placement.Pool();
      case SHARDED -> new Placement.ShardedPool(4);
      case SILO -> new Placement.Silo();
    };
  }
}
