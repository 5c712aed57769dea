package dev.partywall.metering.ledger;

import dev.partywall.storage.ConflictRetry;
import dev.partywall.storage.PartitionQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The usage table and its calls. Instances may write a tenant's hour concurrently. DynamoDB rejects
 * the second write, which is retried after a random delay.
 */
record LedgerTable(DynamoDbClient client, String name, ConflictRetry retry) {
  /** A page without a limit reads up to a megabyte, even if its first item is the wanted one. */
  private static final int PAGE = 100;

  void put(Map<String, AttributeValue> item) {
    retry.call(() -> client.putItem(put -> put.tableName(name).item(item)));
  }

  /** Updates an item. {@code change} sets everything except the table. */
  void update(Consumer<UpdateItemRequest.Builder> change) {
    retry.call(() -> client.updateItem(update -> update.tableName(name).applyMutation(change)));
  }

  /** Deletes an item. {@code deletion} sets everything except the table. */
  void delete(Consumer<DeleteItemRequest.Builder> deletion) {
    retry.call(() -> client.deleteItem(delete -> delete.tableName(name).applyMutation(deletion)));
  }

  void transact(List<TransactWriteItem> items) {
    retry.call(() -> client.transactWriteItems(request -> request.transactItems(items)));
  }

  /** Returns the items of a partition between two sort keys, both inclusive. */
  List<Map<String, AttributeValue>> items(String partition, String from, String to) {
    return client.queryPaginator(query(partition, from, to).build()).items().stream().toList();
  }

  private QueryRequest.Builder query(String partition, String from, String to) {
    return PartitionQuery.of(name, partition, from, to);
  }

  /** Returns the last items of a partition between two sort keys, the last one first. */
  List<Map<String, AttributeValue>> newest(String partition, String from, String to, int limit) {
    var newestFirst = query(partition, from, to).scanIndexForward(false).limit(limit).build();
    return client.query(newestFirst).items();
  }

  /**
   * Returns the items of a partition between two sort keys that have an attribute, the last one
   * first. Takes a query for each hundred items that are read.
   */
  Stream<Map<String, AttributeValue>> newestWith(
      String attribute, String partition, String from, String to) {
    var newestFirst =
        query(partition, from, to)
            .scanIndexForward(false)
            .filterExpression("attribute_exists(#wanted)")
            .expressionAttributeNames(Map.of("#wanted", attribute))
            .limit(PAGE)
            .build();
    return client.queryPaginator(newestFirst).items().stream();
  }

  /** Returns the item with this key. */
  Optional<Map<String, AttributeValue>> item(String partition, String sortKey) {
    return items(partition, sortKey, sortKey).stream().findFirst();
  }

  /** Returns all items of a partition. */
  List<Map<String, AttributeValue>> items(String partition) {
    return items(partition, "!", "~");
  }

  /** Returns whether a partition has items. */
  boolean hasItems(String partition) {
    return !client.query(query(partition, "!", "~").limit(1).build()).items().isEmpty();
  }

  /** Returns the ARN of the table. */
  String arn() {
    return client.describeTable(describe -> describe.tableName(name)).table().tableArn();
  }

  /** Returns whether the table had no items when DynamoDB last counted them. */
  boolean isReportedEmpty() {
    return client.describeTable(describe -> describe.tableName(name)).table().itemCount() == 0;
  }
}
