package dev.partywall.registry;

import dev.partywall.registry.ChangeLog.Change;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.ConflictRetry;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * The transaction that creates or replaces a tenant's record.
 *
 * @param tenant the new record
 * @param nonce identifies the write
 * @param condition the condition on the stored record
 * @param namedBefore the issuers that the stored record names
 * @param request the record of the idempotency key, if the request has one
 * @param extra the change of the tenant's operation, and its documents
 */
record TenantWrite(
    TenantRecord tenant,
    String nonce,
    Condition condition,
    Set<String> namedBefore,
    Optional<RequestItem> request,
    Optional<Extra> extra) {
  /** A condition of DynamoDB, and the names and values of its placeholders. */
  record Condition(
      String expression, @Nullable Map<String, String> names, Map<String, AttributeValue> values) {
    Condition(String expression, Map<String, AttributeValue> values) {
      this(expression, null, values); // DynamoDB rejects an empty map
    }
  }

  /**
   * Writes that are applied together with the record.
   *
   * @param operation returns the conditional write of the operation, for the number of the change
   * @param documents writes without a condition
   */
  record Extra(LongFunction<TransactWriteItem> operation, List<TransactWriteItem> documents) {
    static Extra of(LongFunction<TransactWriteItem> operation) {
      return new Extra(operation, List.of());
    }
  }

  // The positions of the writes with a condition. The operation follows the request, if any.
  private static final int RECORD = 0;
  private static final int SEQUENCE = 1;
  private static final int REQUEST = 2;

  private static final String SAME_VERSION = "v = :version AND inc = :incarnation";
  private static final String FIRST_CONTENT = SAME_VERSION + " AND attribute_not_exists(cr)";
  private static final String SAME_CONTENT = SAME_VERSION + " AND cr = :revision";

  /** Returns the write of a new tenant. The id must be free, or its former tenant deleted. */
  static TenantWrite creation(TenantRecord tenant, String nonce, Optional<RequestItem> request) {
    var condition =
        new Condition(
            "attribute_not_exists(pk) OR (st = :deleted AND inc = :former)",
            Map.of(
                ":deleted", Attributes.text("offboarded"),
                ":former", Attributes.number(tenant.incarnation() - 1)));
    return new TenantWrite(tenant, nonce, condition, Set.of(), request, Optional.empty());
  }

  /** Returns the write that replaces a record, if its version is unchanged. */
  static TenantWrite replacement(TenantRecord before, TenantRecord after, String nonce) {
    var condition = new Condition(unchanged(before), versionOf(before));
    return replacement(before, after, nonce, condition);
  }

  /**
   * Returns the write that replaces a record, if its item is unchanged. The operation of a tenant
   * changes its item without a new version.
   *
   * @param stored the nonce of the item
   */
  static TenantWrite replacement(
      TenantRecord before, TenantRecord after, String nonce, String stored) {
    var values = new HashMap<>(versionOf(before));
    values.put(":nonce", Attributes.text(stored));
    return replacement(
        before, after, nonce, new Condition(unchanged(before) + " AND n = :nonce", values));
  }

  private static TenantWrite replacement(
      TenantRecord before, TenantRecord after, String nonce, Condition condition) {
    return new TenantWrite(
        after, nonce, condition, ChangeLog.namedBy(before), Optional.empty(), Optional.empty());
  }

  /**
   * An import changes the revision of the content without a new version. A request that has read
   * the record before must not restore the former revision.
   */
  private static String unchanged(TenantRecord tenant) {
    return isFirstContent(tenant) ? FIRST_CONTENT : SAME_CONTENT;
  }

  private static boolean isFirstContent(TenantRecord tenant) {
    return tenant.contentRevision() == TenantLocation.FIRST_REVISION;
  }

  private static Map<String, AttributeValue> versionOf(TenantRecord tenant) {
    var values = new HashMap<String, AttributeValue>();
    values.put(":version", Attributes.number(tenant.version()));
    values.put(":incarnation", Attributes.number(tenant.incarnation()));
    if (!isFirstContent(tenant)) {
      values.put(":revision", Attributes.number(tenant.contentRevision()));
    }
    return values;
  }

  /** Returns the check that a record is unchanged. */
  static TransactWriteItem unchanged(TenantsTable table, TenantRecord tenant) {
    return TransactWriteItem.builder()
        .conditionCheck(check ->
            check
                .tableName(table.name())
                .key(TenantItem.key(tenant.id()))
                .conditionExpression(unchanged(tenant))
                .expressionAttributeValues(versionOf(tenant)))
        .build();
  }

  /** Returns a copy with these writes. */
  TenantWrite with(Extra writes) {
    return new TenantWrite(tenant, nonce, condition, namedBefore, request, Optional.of(writes));
  }

  /**
   * Sends the transaction.
   *
   * @param sequence the number of the latest change
   * @return empty if it was applied
   * @throws TransactionConflictException if another change has increased the sequence
   */
  Optional<Rejection> send(ChangeLog log, long sequence) {
    try {
      log.table().client().transactWriteItems(request(log, sequence));
      return Optional.empty();
    } catch (TransactionCanceledException e) {
      var reasons = e.cancellationReasons();
      if (failed(reasons, RECORD) || isRequestRejected(reasons) || isOperationRejected(reasons)) {
        return Optional.of(rejection(reasons));
      }
      if (failed(reasons, SEQUENCE)) {
        throw TransactionConflictException.builder().message("sequence").cause(e).build();
      }
      throw e;
    }
  }

  /**
   * Returns the request. The SDK adds a ClientRequestToken and repeats it in all of its attempts,
   * so an attempt after a lost response has no further effect.
   */
  private TransactWriteItemsRequest request(ChangeLog log, long sequence) {
    var namedAfter = ChangeLog.namedBy(tenant);
    var namesOthers = !namedAfter.equals(namedBefore);
    var writes = new ArrayList<TransactWriteItem>();
    writes.add(put(log, TenantItem.of(tenant, nonce), Optional.of(condition)));
    writes.add(log.increase(sequence));
    request.ifPresent(item -> writes.add(put(log, item.attributes(tenant, nonce), item.isFree())));
    extra.ifPresent(writing -> writes.add(writing.operation().apply(sequence + 1)));
    writes.add(put(log, TenantItem.listed(tenant), Optional.empty()));
    writes.addAll(log.append(new Change(sequence + 1, tenant.id(), namesOthers)));
    if (namesOthers) {
      writes.add(log.count(namedBefore, namedAfter));
    }
    extra.ifPresent(writing -> writes.addAll(writing.documents()));
    return TransactWriteItemsRequest.builder().transactItems(writes).build();
  }

  private static TransactWriteItem put(
      ChangeLog log, Map<String, AttributeValue> item, Optional<Condition> condition) {
    var put =
        Put.builder()
            .tableName(log.table().name())
            .item(item)
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    condition.ifPresent(check ->
        put.conditionExpression(check.expression())
            .expressionAttributeNames(check.names())
            .expressionAttributeValues(check.values()));
    return TransactWriteItem.builder().put(put.build()).build();
  }

  private static boolean failed(List<CancellationReason> reasons, int index) {
    return ConflictRetry.CONDITION_FAILED.equals(reasons.get(index).code());
  }

  private boolean isRequestRejected(List<CancellationReason> reasons) {
    return request.isPresent() && failed(reasons, REQUEST);
  }

  private boolean isOperationRejected(List<CancellationReason> reasons) {
    return extra.isPresent() && failed(reasons, operationIndex());
  }

  private int operationIndex() {
    return request.isPresent() ? REQUEST + 1 : REQUEST;
  }

  private Rejection rejection(List<CancellationReason> reasons) {
    return new Rejection(
        item(reasons, RECORD),
        request.flatMap(_ -> item(reasons, REQUEST)),
        extra.flatMap(_ -> item(reasons, operationIndex())),
        isOperationRejected(reasons));
  }

  private static Optional<Map<String, AttributeValue>> item(
      List<CancellationReason> reasons, int index) {
    return Optional.of(reasons.get(index))
        .filter(reason -> failed(reasons, index) && reason.hasItem() && !reason.item().isEmpty())
        .map(CancellationReason::item);
  }

  /**
   * The stored items whose conditions failed.
   *
   * @param tenant the item of the tenant; empty if its condition did not fail, or it does not exist
   * @param request the record of the idempotency key; empty if its condition did not fail
   * @param operation the item of the operation; empty if its condition did not fail, or it does not
   *     exist
   * @param isOperationRejected whether the condition of the operation has failed
   */
  record Rejection(
      Optional<Map<String, AttributeValue>> tenant,
      Optional<Map<String, AttributeValue>> request,
      Optional<Map<String, AttributeValue>> operation,
      boolean isOperationRejected) {
    /**
     * Returns whether the stored items are those of this write. DynamoDB has applied it, and the
     * answer was lost.
     */
    boolean isOwn(String nonce) {
      return tenant
          .or(() -> request)
          .filter(item -> nonce.equals(Attributes.requiredText(item, TenantItem.NONCE)))
          .isPresent();
    }
  }
}
