package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.Code;
import java.util.Set;

/**
 * The members of requests that this wall has looked at. Any other is refused: AWS would pass over
 * it, but the engine might take {@code tableName} for {@code TableName}.
 */
final class Members {
  private static final Set<String> KNOWN =
      Set.of(
          // of items
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
          // of batches, transactions and statements
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
          // of tables
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
          "ExclusiveStartTableName");

  /** What a policy or a mapping looks at as text; anything else the engine might turn into one. */
  private static final Set<String> TEXTS =
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

  private Members() {}

  /** The node as an object all of whose members are known. */
  static ObjectNode known(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      throw refused("Start of structure or map expected");
    }
    for (var member : object.properties()) {
      if (!KNOWN.contains(member.getKey())) {
        throw refused("Unknown member: " + member.getKey());
      }
      if (member.getValue().isNull()
          || (TEXTS.contains(member.getKey()) && !member.getValue().isTextual())) {
        throw refused("Unexpected value of " + member.getKey());
      }
    }
    return object;
  }

  /** The node as an object with members of any name, such as a map of attributes. */
  static ObjectNode map(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw refused("Start of structure or map expected");
  }

  /** The node as a list. */
  static JsonNode list(JsonNode node) {
    if (!node.isArray()) {
      throw refused("Start of list expected");
    }
    return node;
  }

  private static AwsFault refused(String message) {
    return new AwsFault(Code.SERIALIZATION, message);
  }
}
