package dev.partywall.operations.lifecycle;

import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.DocumentNames;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.OperationStore.Document;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The document of the latest operation of a tenant that has failed and thereby caused the status
 * {@code failed}. It remains in the registry after the operation has ended.
 */
public final class FailedOperation {
  private static final String STATE = "failed";
  private static final String KIND = "kind";
  private static final String ID = "id";
  private static final String REQUESTED_BY = "requestedBy";
  private static final String STARTED_AT = "startedAt";
  private static final String REASON = "reason";

  private FailedOperation() {}

  /**
   * Returns the document of an operation that ends now.
   *
   * @param reason for operators
   */
  public static Document document(Operation operation, String reason) {
    return new Document(
        DocumentNames.failed(operation.incarnation()),
        Map.of(
            KIND, operation.kind().label(),
            ID, operation.id(),
            REQUESTED_BY, operation.requestedBy(),
            STARTED_AT, operation.origin().startedAt().toString(),
            REASON, reason));
  }

  /** Returns the failed operation of a tenant, with its reason; empty if it has none. */
  static Optional<Operation> of(TenantRecord tenant, OperationStore store) {
    return store
        .document(tenant.id(), DocumentNames.failed(tenant.incarnation()))
        .map(stored ->
            Operation.begun(
                    tenant,
                    OperationKind.of(required(stored, KIND)).orElseThrow(),
                    required(stored, ID),
                    STATE,
                    required(stored, REQUESTED_BY),
                    Instant.parse(required(stored, STARTED_AT)))
                .withReason(Optional.of(required(stored, REASON))));
  }

  private static String required(Map<String, String> stored, String name) {
    return Objects.requireNonNull(stored.get(name), name);
  }
}
