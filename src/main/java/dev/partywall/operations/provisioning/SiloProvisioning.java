package dev.partywall.operations.provisioning;

import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Begins the provisioning of tenants in silos. A service with a provisioner role has one.
 *
 * @param ids creates the ids of operations
 */
public record SiloProvisioning(TenantOperations operations, Supplier<String> ids) {
  /**
   * Returns the operation that creates the table of a tenant.
   *
   * @param tenant its record, with the status {@code provisioning}
   * @param operator the subject of the operator
   */
  public Operation of(TenantRecord tenant, String operator) {
    return Operation.begun(
        tenant,
        OperationKind.PROVISIONING,
        ids.get(),
        ProvisioningState.CREATING_TABLE.label(),
        operator,
        tenant.updatedAt());
  }

  /** Starts to execute the operation of a tenant that is registered now. */
  public void start(TenantRecord tenant) {
    operations.find(tenant.id()).ifPresent(operations.runner()::start);
  }

  /**
   * Begins the provisioning of a tenant again, after it has failed.
   *
   * @param failed the record of the tenant
   * @param restarted the next version of the record, with the status {@code provisioning}
   * @param operator the subject of the operator
   * @return empty if the record has changed meanwhile
   * @throws dev.partywall.error.ApiException as {@code Conflict} if another operation is running
   */
  public Optional<Operation> restart(TenantRecord failed, TenantRecord restarted, String operator) {
    return operations.begin(of(restarted, operator), failed, restarted);
  }
}
