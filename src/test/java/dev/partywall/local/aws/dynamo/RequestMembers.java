package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.Set;

/**
 * The request members that IAM enforcement supports. Any other member is rejected: AWS would ignore
 * it, but the engine might accept {@code tableName} as {@code TableName}.
 */
final class RequestMembers {
  private static final Set<String> KNOWN =
      Set.of(
          // item operations
          "TableName",
          "IndexName",
          "Key",
          "Keys",
          "Item",
          "AttributesToGet",
          "ConsistentRead",
          "ProjectionExpression",
          "ConditionExpression",
          "UpdateExpression",
          "FilterExpression",
          "KeyConditionExpression",
          "ExpressionAttributeNames",
          "ExpressionAttributeValues",
          "AttributeUpdates",
          "Expected",
          "ConditionalOperator",
          "KeyConditions",
          "QueryFilter",
          "ScanFilter",
          "Select",
          "Limit",
          "ExclusiveStartKey",
          "ScanIndexForward",
          "Segment",
          "TotalSegments",
          "ReturnValues",
          "ReturnConsumedCapacity",
          "ReturnItemCollectionMetrics",
          "ReturnValuesOnConditionCheckFailure",
          // batches, transactions and statements
          "RequestItems",
          "PutRequest",
          "DeleteRequest",
          "TransactItems",
          "Get",
          "Put",
          "Update",
          "Delete",
          "ConditionCheck",
          "ClientRequestToken",
          "Statement",
          "Statements",
          "TransactStatements",
          "Parameters",
          "NextToken",
          // table operations
          "AttributeDefinitions",
          "KeySchema",
          "LocalSecondaryIndexes",
          "GlobalSecondaryIndexes",
          "GlobalSecondaryIndexUpdates",
          "BillingMode",
          "ProvisionedThroughput",
          "OnDemandThroughput",
          "StreamSpecification",
          "SSESpecification",
          "TableClass",
          "DeletionProtectionEnabled",
          "Tags",
          "TagKeys",
          "ResourceArn",
          "TimeToLiveSpecification",
          "PointInTimeRecoverySpecification",
          "ExclusiveStartTableName");

  /**
   * Members that policies and permission checks read as text. The engine might convert other types
   * to text.
   */
  private static final Set<String> TEXT_MEMBERS =
      Set.of(
          "TableName",
          "IndexName",
          "Select",
          "ReturnValues",
          "ReturnConsumedCapacity",
          "Statement",
          "ProjectionExpression",
          "ConditionExpression",
          "UpdateExpression",
          "FilterExpression",
          "KeyConditionExpression",
          "ResourceArn");

  private RequestMembers() {}

  /**
   * Returns the node as an object with supported members only.
   *
   * @throws AwsFault if it has any other member
   */
  static ObjectNode requireKnown(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      throw serializationFault("Start of structure or map expected");
    }
    for (var member : object.properties()) {
      if (!KNOWN.contains(member.getKey())) {
        throw serializationFault("Unknown member: " + member.getKey());
      }
      if (member.getValue().isNull()
          || (TEXT_MEMBERS.contains(member.getKey()) && !member.getValue().isTextual())) {
        throw serializationFault("Unexpected value of " + member.getKey());
      }
    }
    return object;
  }

  /** Returns the node as an object with arbitrary members, such as a map of attributes. */
  static ObjectNode requireMap(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw serializationFault("Start of structure or map expected");
  }

  /** Returns the node as a list. */
  static JsonNode requireList(JsonNode node) {
    if (!node.isArray()) {
      throw serializationFault("Start of list expected");
    }
    return node;
  }

  private static AwsFault serializationFault(String message) {
    return new AwsFault(AwsErrorCode.SERIALIZATION, message);
  }
}
