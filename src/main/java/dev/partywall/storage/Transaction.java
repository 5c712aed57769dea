package dev.partywall.storage;

import dev.partywall.tenancy.TenantLocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Builds the TransactWriteItems request for writes that are applied together. Markers follow the
 * writes, so a write's index here equals its index in the response.
 */
record Transaction(TenantLocation location, List<Write> writes, Instant now) {

  /**
   * Returns the request. The SDK adds a ClientRequestToken and repeats it in all of its attempts. A
   * retry after a lost response therefore does not fail its condition. PutItem and DeleteItem have
   * no such token, so single writes are sent as transactions.
   */
  TransactWriteItemsRequest request() {
    var items = new ArrayList<TransactWriteItem>();
    writes.forEach(write -> items.add(item(write)));
    counted().forEach(write -> items.add(marker(write)));
    return TransactWriteItemsRequest.builder().transactItems(items).build();
  }

  boolean hasCountedWrites() {
    return !counted().isEmpty();
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
            .item(Attributes.of(partitionKeyOf(write.key()), write.item(), write.indexKeys()))
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
            .key(Attributes.keyOf(partitionKeyOf(key), key.sortKey()))
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
    var sortKey = CountedWrites.sortKeyPrefix(write.meter().orElseThrow(), now) + id;
    var put =
        Put.builder()
            .tableName(location.table())
            .item(Attributes.keyAndFormat(location.partitionKeyOf(id), sortKey));
    return TransactWriteItem.builder().put(put.build()).build();
  }

  private String partitionKeyOf(Key key) {
    return location.partitionKeyOf(key.id());
  }
}
