package dev.partywall.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** The calls that the service makes for a tenant, without isolation layer 1. */
final class ItemOperations {
  private ItemOperations() {}

  /** Writes an item under each partition key of the location. */
  static void putItems(DynamoDbClient engine, TenantLocation location) {
    for (var key : location.partitionKeys()) {
      engine.putItem(put -> put.tableName(location.table()).item(item(key)));
    }
  }

  static Map<String, AttributeValue> item(String partitionKey) {
    return Map.of(
        "pk", AttributeValue.fromS(partitionKey),
        "sk", AttributeValue.fromS("order#1"),
        "i1", AttributeValue.fromS("placed#1"),
        "i2", AttributeValue.fromS("u#placed#1"));
  }

  static Map<String, AttributeValue> key(String partitionKey) {
    return Map.of("pk", AttributeValue.fromS(partitionKey), "sk", AttributeValue.fromS("order#1"));
  }

  /** Runs the work with the tenant bound. */
  static void runAs(TenantId tenant, Runnable work) {
    TenantContext.call(
        new Tenant(tenant, "free"),
        () -> {
          work.run();
          return tenant;
        });
  }

  /** Asserts that IAM denies the call. */
  static void assertDenied(Runnable call) {
    var exception = assertThrows(AwsServiceException.class, call::run);
    assertEquals("AccessDeniedException", exception.awsErrorDetails().errorCode());
  }

  /** Returns all item operations of the service, for one partition key of one table. */
  static List<Consumer<DynamoDbClient>> itemOperations(String table, String partitionKey) {
    return List.of(
        client -> client.getItem(get -> get.tableName(table).key(key(partitionKey))),
        client -> query(client, table, "", partitionKey),
        client -> query(client, table, "by-i1", partitionKey),
        client -> query(client, table, "by-i2", partitionKey),
        client ->
            client.transactWriteItems(all -> all.transactItems(List.of(put(table, partitionKey)))),
        client ->
            client.transactWriteItems(
                all -> all.transactItems(List.of(delete(table, partitionKey)))));
  }

  static void query(DynamoDbClient client, String table, String index, String key) {
    client.query(query ->
        query
            .tableName(table)
            .indexName(index.isEmpty() ? null : index)
            .keyConditionExpression("pk = :pk")
            .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(key))));
  }

  static TransactWriteItem put(String table, String key) {
    return TransactWriteItem.builder().put(put -> put.tableName(table).item(item(key))).build();
  }

  static TransactWriteItem delete(String table, String key) {
    return TransactWriteItem.builder()
        .delete(delete -> delete.tableName(table).key(key(key)))
        .build();
  }
}
