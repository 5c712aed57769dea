package dev.partywall.registry;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.registry.Operation;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** The conditional writes of operations. */
final class OperationWrites {
  private static final String OWNED = "id = :id AND e = :epoch AND l = :lease";

  private OperationWrites() {}

  /** Returns the write that begins an operation if the tenant has none. */
  static TransactWriteItem begin(TenantsTable table, Operation operation) {
    return TransactWriteItem.builder()
        .put(put(table, operation).conditionExpression("attribute_not_exists(pk)").build())
        .build();
  }

  /** Returns the write that replaces an operation whose ownership is unchanged. */
  static TransactWriteItem replace(TenantsTable table, Operation before, Operation after) {
    return TransactWriteItem.builder()
        .put(
            put(table, after)
                .conditionExpression(OWNED)
                .expressionAttributeValues(owned(before))
                .build())
        .build();
  }

  /** Returns the write that removes an operation whose ownership is unchanged. */
  static TransactWriteItem remove(TenantsTable table, Operation operation) {
    return TransactWriteItem.builder()
        .delete(
            Delete.builder()
                .tableName(table.name())
                .key(OperationItem.key(operation.tenant()))
                .conditionExpression(OWNED)
                .expressionAttributeValues(owned(operation))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build())
        .build();
  }

  /** Returns the write or the removal of a document in the tenant's partition of the registry. */
  static TransactWriteItem document(
      TenantsTable table, String tenant, String name, Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return TransactWriteItem.builder()
          .delete(delete -> delete.tableName(table.name()).key(Attributes.keyOf(tenant, name)))
          .build();
    }
    var item = new HashMap<>(Attributes.keyAndFormat(tenant, name));
    attributes.forEach((key, value) -> item.put(key, Attributes.text(value)));
    return TransactWriteItem.builder().put(put -> put.tableName(table.name()).item(item)).build();
  }

  private static Put.Builder put(TenantsTable table, Operation operation) {
    return Put.builder()
        .tableName(table.name())
        .item(OperationItem.of(operation))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  private static Map<String, AttributeValue> owned(Operation operation) {
    return Map.of(
        ":id", Attributes.text(operation.id()),
        ":epoch", Attributes.number(operation.ownership().epoch()),
        ":lease", Attributes.text(operation.ownership().lease()));
  }
}
