package dev.partywall.storage;

import dev.partywall.tenancy.Home;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Writes that happen together, told as DynamoDB wants it. Marks come behind the writes, so that a
 * write's place here is its place in the answer too.
 */
record Transaction(Home home, List<Write> writes, Instant now) {

  /**
   * The request. The SDK adds a ClientRequestToken, the same for each of its own attempts: so one
   * whose answer got lost is not taken for a condition that failed. A plain PutItem or DeleteItem
   * could not tell the two apart, which is why single writes are transactions too.
   */
  TransactWriteItemsRequest request() {
    var items = new ArrayList<TransactWriteItem>();
    writes.forEach(write -> items.add(item(write)));
    counted().forEach(write -> items.add(mark(write)));
    return TransactWriteItemsRequest.builder().transactItems(items).build();
  }

  boolean counts() {
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
            .tableName(home.table())
            .item(Attributes.of(partitionKeyOf(write.key()), write.item(), write.labels()))
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    Term.of(write.condition(), now)
        .ifPresent(term ->
            put.conditionExpression(term.expression())
                .expressionAttributeNames(Term.NAMES)
                .expressionAttributeValues(term.values()));
    return TransactWriteItem.builder().put(put.build()).build();
  }

  private TransactWriteItem delete(Key key, Condition condition) {
    var delete =
        Delete.builder()
            .tableName(home.table())
            .key(Attributes.keyOf(partitionKeyOf(key), key.sortKey()))
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    Term.of(condition, now)
        .ifPresent(term ->
            delete
                .conditionExpression(term.expression())
                .expressionAttributeNames(Term.NAMES)
                .expressionAttributeValues(term.values()));
    return TransactWriteItem.builder().delete(delete.build()).build();
  }

  /** Put without a condition: the same thing counts once in an hour, however often it is put. */
  private TransactWriteItem mark(Write.Put write) {
    var id = write.key().id();
    var sortKey = Marks.sortKeys(write.meter().orElseThrow(), now) + id;
    var put =
        Put.builder()
            .tableName(home.table())
            .item(Attributes.ofMark(home.partitionKeyOf(id), sortKey));
    return TransactWriteItem.builder().put(put.build()).build();
  }

  private String partitionKeyOf(Key key) {
    return home.partitionKeyOf(key.id());
  }
}
