package dev.partywall.runtime;

import dev.partywall.tenancy.TenantSelection.UnknownTenants;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Determines whether an installation without registered tenants has tenants of an earlier release,
 * which had no registry. It searches the tables until it knows the result, and makes no call
 * afterwards.
 *
 * <p>Unknown tenants that are refused must be adopted if they have a placement or usage. Those that
 * are allowed need a registration only if they have a placement: without it, they would be served
 * from the pool, which hides the data that is elsewhere.
 */
final class Adoption {
  private final UnknownTenants unknownTenants;
  private final BooleanSupplier formerPlacements;
  private final BooleanSupplier formerUsage;
  private volatile @Nullable Boolean known;

  /**
   * Creates a check that has made no search.
   *
   * @param formerPlacements returns whether a release without registry has recorded placements
   * @param formerUsage returns whether the ledger has tenants
   */
  Adoption(
      UnknownTenants unknownTenants,
      BooleanSupplier formerPlacements,
      BooleanSupplier formerUsage) {
    this.unknownTenants = unknownTenants;
    this.formerPlacements = formerPlacements;
    this.formerUsage = formerUsage;
  }

  /**
   * Returns whether tenants must be adopted.
   *
   * @throws dev.partywall.error.ApiException if a table cannot be read; the next call searches
   *     again
   */
  boolean isRequired() {
    var result = known;
    if (result == null) {
      result = search();
      known = result;
    }
    return result;
  }

  private boolean search() {
    return formerPlacements.getAsBoolean()
        || (unknownTenants == UnknownTenants.REFUSE && formerUsage.getAsBoolean());
  }
}
