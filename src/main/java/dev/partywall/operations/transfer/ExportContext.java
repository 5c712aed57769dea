package dev.partywall.operations.transfer;

import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.tenancy.TenantDirectory;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The tenants, their operations, and the clocks.
 *
 * @param directory the tenants as this instance knows them
 * @param leases the sources of leases and of the ids of operations
 */
public record ExportContext(
    TenantRegistry registry,
    TenantDirectory directory,
    OperationStore operations,
    OwnedOperation.Sources leases,
    InstantSource clock) {
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  LongSupplier nanoTime() {
    return leases.nanoTime();
  }
}
