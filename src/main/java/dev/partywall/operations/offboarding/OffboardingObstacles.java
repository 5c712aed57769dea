package dev.partywall.operations.offboarding;

import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.Obstacles;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import java.util.Optional;

/**
 * The reasons why this instance cannot execute a step of a deletion, although another instance may
 * be able to.
 *
 * @param clock a retention ends by the clock of an instance, and a receipt contains its times
 * @param hasProvisioner whether this instance can delete the tables of silos
 * @param hasReceiptKey whether this instance can sign a receipt
 */
record OffboardingObstacles(CheckedClock clock, boolean hasProvisioner, boolean hasReceiptKey) {
  static final String NO_RECEIPT_KEY = "The receipt requires PARTYWALL_RECEIPT_KEY.";

  /** Returns the reason; empty if this instance can execute the next step. */
  Optional<String> of(Operation operation, TenantRecord tenant) {
    return switch (operation.state()) {
      case Offboarding.RETENTION, Offboarding.VERIFYING -> clock.fault();
      case Offboarding.COUNTING, Offboarding.DELETING_TABLE ->
          clock.fault().or(() -> missingProvisioner(tenant));
      case Offboarding.RECEIPT -> clock.fault().or(this::missingReceiptKey);
      default -> Optional.empty();
    };
  }

  private Optional<String> missingProvisioner(TenantRecord tenant) {
    return hasProvisioner || !(tenant.placement() instanceof Placement.Silo)
        ? Optional.empty()
        : Optional.of(Obstacles.NO_PROVISIONER);
  }

  private Optional<String> missingReceiptKey() {
    return hasReceiptKey ? Optional.empty() : Optional.of(NO_RECEIPT_KEY);
  }
}
