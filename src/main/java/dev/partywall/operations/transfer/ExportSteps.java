package dev.partywall.operations.transfer;

import dev.partywall.operations.lifecycle.CancellableSteps;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import java.util.List;

/**
 * Ends the operation of an export whose instance has ended, or that was cancelled. An export cannot
 * be continued, because its client is lost with its connection. Only the instance that streams the
 * export executes it ({@link ExportOperation}).
 */
public final class ExportSteps implements CancellableSteps {
  static final String READING = "reading";
  private static final String CANCELLED = "cancelled";

  @Override
  public OperationKind kind() {
    return OperationKind.EXPORT;
  }

  @Override
  public Step step(OwnedOperation operation) {
    return operation.end(operation.tenant(), List.of()) ? Step.ENDED : Step.CONTINUE;
  }

  /** The instance that streams the export finds within 5 s that it is not the owner any more. */
  @Override
  public Operation cancelled(Operation operation, TenantRecord tenant) {
    return operation.inState(CANCELLED).free();
  }
}
