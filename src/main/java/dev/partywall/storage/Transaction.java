package dev.partywall.storage;

import dev.partywall.tenancy.TenantLocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Writes that are applied together, with one TransactWriteItems request. Markers follow the writes,
 * so a write's index here equals its index in the response.
 */
record Transaction(TenantLocation location, List<Write> writes, Instant now) {
  /** A write condition as a DynamoDB expression. The service's clock determines expiry. */
  private record ConditionExpression(String expression, Map<String, AttributeValue> values) {
    /** {@code ttl} is a reserved word in DynamoDB. */
    static final Map<String, String> NAMES = Map.of("#ttl", Attributes.EXPIRY);

    private static final String ABSENT = "attribute_not_exists(pk) OR #ttl <= :now";
    private static final String VERSION = "v = :v AND (attribute_not_exists(#ttl) OR #ttl > :now)";

    static Optional<ConditionExpression> of(WriteCondition condition, Instant now) {
      var epochSecond = Attributes.number(now.getEpochSecond());
      return switch (condition) {
        case WriteCondition.None() -> Optional.empty();
        case WriteCondition.Absent() ->
            Optional.of(new ConditionExpression(ABSENT, Map.of(":now", epochSecond)));
        case WriteCondition.VersionIs(long version) ->
            Optional.of(
                new ConditionExpression(
                    VERSION, Map.of(":now", epochSecond, ":v", Attributes.number(version))));
      };
    }
  }

  /** Applies the writes. */
  Outcome send(DynamoDbClient client, ConflictRetry retry) {
    var request = request();
    try {
      retry.call(() -> client.transactWriteItems(request));
      return new Outcome.Written();
    } catch (TransactionCanceledException e) {
      return firstFailed(e.cancellationReasons()).orElseThrow(() -> e);
    }
  }

  private static Optional<Outcome> firstFailed(List<CancellationReason> reasons) {
    return IntStream.range(0, reasons.size())
        .filter(index -> ConflictRetry.CONDITION_FAILED.equals(reasons.get(index).code()))
        .mapToObj(index -> failed(index, reasons.get(index)))
        .findFirst();
  }

  private static Outcome failed(int index, CancellationReason reason) {
    var current =
        reason.hasItem() ? Optional.of(Attributes.read(reason.item())) : Optional.<Item>empty();
    return new Outcome.ConditionFailed(index, current);
  }

  /**
   * Returns the request. The SDK adds a ClientRequestToken and repeats it in all of its attempts. A
   * retry after a lost response therefore does not fail its condition. PutItem and DeleteItem have
   * no such token, so single writes are sent as transactions.
   */
  private TransactWriteItemsRequest request() {
    var items = new ArrayList<TransactWriteItem>();
    writes.forEach(write -> items.add(item(write)));
    counted().forEach(write -> items.add(marker(write)));
    return TransactWriteItemsRequest.builder().transactItems(items).build();
  }

  boolean hasCountedWrites() {
    return !counted().isEmpty();
  }

  /** Returns whether the id of a counted write sorts before the position. */
  boolean countsIdBefore(String position) {
    return counted().stream().anyMatch(put -> put.key().id().compareTo(position) < 0);
  }

  private List<Write.Put> counted() {
    return writes.stream()
        .filter(Write.Put.class::isInstance)
        .map(Write.Put.class::cast)
        .filter(put -> put.meter().isPresent())
        .toList();
  }

  private TransactWriteItem item(Write write) {
    return switch (write) {
      case Write.Put put -> put(put);
      case Write.Delete(var key, var condition) -> delete(key, condition);
    };
  }

  private TransactWriteItem put(Write.Put write) {
    var put =
        Put.builder()
            .tableName(location.table())
            .item(Attributes.of(location, write.item(), write.indexKeys()))
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    ConditionExpression.of(write.condition(), now)
        .ifPresent(expression ->
            put.conditionExpression(expression.expression())
                .expressionAttributeNames(ConditionExpression.NAMES)
                .expressionAttributeValues(expression.values()));
    return TransactWriteItem.builder().put(put.build()).build();
  }

  private TransactWriteItem delete(Key key, WriteCondition condition) {
    var delete =
        Delete.builder()
            .tableName(location.table())
            .key(Attributes.keyOf(location, key))
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    ConditionExpression.of(condition, now)
        .ifPresent(expression ->
            delete
                .conditionExpression(expression.expression())
                .expressionAttributeNames(ConditionExpression.NAMES)
                .expressionAttributeValues(expression.values()));
    return TransactWriteItem.builder().delete(delete.build()).build();
  }

  /** Has no condition: an item counts once per hour, regardless of the number of writes. */
  private TransactWriteItem marker(Write.Put write) {
    var id = write.key().id();
    var sortKey = CountedWrites.sortKeyPrefix(write.meter().orElseThrow().name(), now) + id;
    var put =
        Put.builder()
            .tableName(location.table())
            .item(Attributes.keyAndFormat(location.partitionKeyOf(id), sortKey));
    return TransactWriteItem.builder().put(put.build()).build();
  }
}
