package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.iam.RequestContext;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.List;
import java.util.Optional;

/** Determines the permissions for Query and Scan on a table or index. */
final class QueryPermissions {
  private final EngineTables tables;

  QueryPermissions(EngineTables tables) {
    this.tables = tables;
  }

  /**
   * Returns the permission for a Query. The leading key is the partition key of the table, or of
   * the queried index.
   */
  RequiredPermission forQuery(ObjectNode body) {
    var index = index(body);
    var table = tables.queriedTable(body, index);
    var leading =
        table
            .schema()
            .map(schema -> partitionValue(body, schema.keys(index).partition()))
            .map(expressionValue ->
                RequestFacts.leadingKeys(List.of(CanonicalKeyValue.of(expressionValue))))
            .orElse(RequestContext.EMPTY);
    return table.permission(
        "Query", index, RequestFacts.readKeys(body, table, index).merge(leading));
  }

  /**
   * Returns the permission for a Scan. It has no leading keys, so conditions on them see an absent
   * key.
   */
  RequiredPermission forScan(ObjectNode body) {
    var index = index(body);
    var table = tables.queriedTable(body, index);
    return table.permission("Scan", index, RequestFacts.readKeys(body, table, index));
  }

  private static Optional<String> index(ObjectNode body) {
    var name = body.path("IndexName");
    if (!name.isMissingNode() && !name.asText().matches("[a-zA-Z0-9_.-]{1,255}")) {
      throw AwsFault.validation("Invalid index name: " + name);
    }
    return name.isMissingNode() ? Optional.empty() : Optional.of(name.asText());
  }

  private static JsonNode partitionValue(ObjectNode body, String partition) {
    var expression = body.path("KeyConditionExpression");
    var legacy = body.path("KeyConditions");
    if (expression.isMissingNode() == legacy.isMissingNode()) {
      throw AwsFault.validation(
          "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
    }
    return legacy.isMissingNode()
        ? expressionValue(body, expression.asText(), partition)
        : legacy(legacy.path(partition), partition);
  }

  private static JsonNode expressionValue(ObjectNode body, String condition, String partition) {
    var expression = Expression.of(condition, body.path("ExpressionAttributeNames"));
    var placeholder = KeyCondition.partitionPlaceholder(expression, partition);
    var expressionValue = body.path("ExpressionAttributeValues").path(placeholder);
    if (expressionValue.isMissingNode()) {
      throw AwsFault.validation(
          "An expression attribute value used in expression is not defined: " + placeholder);
    }
    return expressionValue;
  }

  private static JsonNode legacy(JsonNode condition, String partition) {
    var values = condition.path("AttributeValueList");
    if (!condition.path("ComparisonOperator").asText().equals("EQ") || values.size() != 1) {
      throw AwsFault.validation("Query condition missed key schema element: " + partition);
    }
    return values.get(0);
  }
}
