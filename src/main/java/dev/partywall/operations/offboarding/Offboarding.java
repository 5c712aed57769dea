package dev.partywall.operations.offboarding;

import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.DocumentNames;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The states and the parameters of an offboarding. */
public final class Offboarding {
  /** The tenant's data is kept until the retention has ended. Only this state can be cancelled. */
  public static final String RETENTION = "retention";

  /** Each instance ends the work that it has begun for the tenant. */
  public static final String BARRIER = "barrier";

  /** The open hours of the tenant are counted and closed. */
  public static final String COUNTING = "counting";

  /** The items are deleted. */
  public static final String DELETING = "deleting";

  /** The table and its indexes are read until they are empty. */
  public static final String VERIFYING = "verifying";

  /** The receipt is signed. */
  public static final String RECEIPT = "receipt";

  /** The table of the silo is deleted. A tenant in the pool does not have this state. */
  public static final String DELETING_TABLE = "deleting-table";

  private static final String DELETE_AFTER = "deleteAfter";
  private static final String FORMER_STATUS = "formerStatus";
  private static final String JWS = "jws";

  private Offboarding() {}

  /**
   * Returns the operation that a request begins.
   *
   * @param tenant the record of the tenant before the request
   * @param id differs from those of all other operations
   * @param operator the subject of the operator
   */
  public static Operation begin(
      TenantRecord tenant, String id, String operator, Instant now, Duration retention) {
    return Operation.begun(tenant, OperationKind.OFFBOARDING, id, RETENTION, operator, now)
        .with(DELETE_AFTER, now.plus(retention).toString())
        .with(FORMER_STATUS, tenant.status().label());
  }

  /** Returns the end of the retention. */
  public static Instant deleteAfter(Operation operation) {
    return Instant.parse(operation.parameter(DELETE_AFTER).orElseThrow());
  }

  /** Returns the status of the tenant before the request. */
  public static TenantStatus formerStatus(Operation operation) {
    return operation.parameter(FORMER_STATUS).flatMap(TenantStatus::of).orElseThrow();
  }

  /** Returns whether the offboarding can be cancelled: nothing is deleted yet. */
  public static boolean isCancellable(Operation operation) {
    return operation.state().equals(RETENTION);
  }

  /** Returns the receipt in a document. */
  public static String receipt(Map<String, String> document) {
    return Objects.requireNonNull(document.get(JWS), JWS);
  }

  /**
   * Returns the document with a receipt, that with the name and the tier for the bills, and the
   * removal of the other documents. The record of the next incarnation replaces that of the tenant.
   */
  static List<Document> documents(TenantRecord tenant, String jws) {
    var incarnation = tenant.incarnation();
    var documents = new ArrayList<Document>();
    documents.add(
        new Document(
            DocumentNames.billed(incarnation),
            Map.of("name", tenant.name(), "tier", tenant.tier())));
    documents.add(new Document(DocumentNames.receipt(incarnation), Map.of(JWS, jws)));
    DocumentNames.untilDeletion(incarnation).stream()
        .map(Document::removed)
        .forEach(documents::add);
    return documents;
  }
}
