package dev.partywall.registry;

import dev.partywall.registry.ChangeLog.Change;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.ConflictRetry;
import dev.partywall.tenancy.TenantRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 */
record TenantWrite(
    TenantRecord tenant,
    String nonce,
    Condition condition,
    Set<String> namedBefore,
    Optional<RequestItem> request) {
  /** A condition of DynamoDB, and the names and values of its placeholders. */
  record Condition(
      String expression, @Nullable Map<String, String> names, Map<String, AttributeValue> values) {
    Condition(String expression, Map<String, AttributeValue> values) {
      this(expression, null, values); // DynamoDB rejects an empty map
    }
  }

  // The positions of the writes with a condition.
  private static final int RECORD = 0;
  private static final int SEQUENCE = 1;
  private static final int REQUEST = 2;

  /** Returns the write of a new tenant. The id must be free, or its former tenant deleted. */
  static TenantWrite creation(TenantRecord tenant, String nonce, Optional<RequestItem> request) {
    var condition =
        new Condition(
            "attribute_not_exists(pk) OR (st = :deleted AND inc = :former)",
            Map.of(
                ":deleted", Attributes.text("offboarded"),
                ":former", Attributes.number(tenant.incarnation() - 1)));
    return new TenantWrite(tenant, nonce, condition, Set.of(), request);
  }

  /** Returns the write that replaces a record. */
  static TenantWrite replacement(TenantRecord before, TenantRecord after, String nonce) {
    var condition =
        new Condition(
            "v = :version AND inc = :incarnation",
            Map.of(
                ":version", Attributes.number(before.version()),
                ":incarnation", Attributes.number(before.incarnation())));
    return new TenantWrite(after, nonce, condition, ChangeLog.namedBy(before), Optional.empty());
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
      if (failed(reasons, RECORD) || (request.isPresent() && failed(reasons, REQUEST))) {
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
    writes.add(put(log, TenantItem.listed(tenant), Optional.empty()));
    writes.addAll(log.append(new Change(sequence + 1, tenant.id(), namesOthers)));
    if (namesOthers) {
      writes.add(log.count(namedBefore, namedAfter));
    }
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

  private Rejection rejection(List<CancellationReason> reasons) {
    return new Rejection(item(reasons, RECORD), request.flatMap(_ -> item(reasons, REQUEST)));
  }

  private static Optional<Map<String, AttributeValue>> item(
      List<CancellationReason> reasons, int index) {
    return Optional.of(reasons.get(index))
        .filter(reason -> failed(reasons, index) && reason.hasItem())
        .map(CancellationReason::item);
  }

  /**
   * The stored items whose conditions failed.
   *
   * @param tenant the item of the tenant; empty if its condition did not fail, or it does not exist
   * @param request the record of the idempotency key; empty if its condition did not fail
   */
  record Rejection(
      Optional<Map<String, AttributeValue>> tenant, Optional<Map<String, AttributeValue>> request) {
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
