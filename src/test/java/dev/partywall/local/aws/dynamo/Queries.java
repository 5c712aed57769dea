package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.iam.Context;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.List;
import java.util.Optional;

/** What Query and Scan touch: a table or an index of it, with or without a leading key. */
final class Queries {
  private final Tables tables;

  Queries(Tables tables) {
    this.tables = tables;
  }

  /** The leading key is the partition key of what is queried: of an index, the index's own. */
  Access query(ObjectNode body) {
    var index = index(body);
    var table = tables.queried(body, index);
    var leading =
        table
            .schema()
            .map(schema -> asked(body, schema.keys(index).partition()))
            .map(value -> Facts.leading(List.of(KeyValue.text(value))))
            .orElse(Context.EMPTY);
    return table.access("Query", index, Facts.reading(body, table, index).and(leading));
  }

  /** A Scan has no leading keys: conditions on them find the key absent. */
  Access scan(ObjectNode body) {
    var index = index(body);
    var table = tables.queried(body, index);
    return table.access("Scan", index, Facts.reading(body, table, index));
  }

  private static Optional<String> index(ObjectNode body) {
    var name = body.path("IndexName");
    if (!name.isMissingNode() && !name.asText().matches("[a-zA-Z0-9_.-]{1,255}")) {
      throw AwsFault.validation("Invalid index name: " + name);
    }
    return name.isMissingNode() ? Optional.empty() : Optional.of(name.asText());
  }

  private static JsonNode asked(ObjectNode body, String partition) {
    var expression = body.path("KeyConditionExpression");
    var legacy = body.path("KeyConditions");
    if (expression.isMissingNode() == legacy.isMissingNode()) {
      throw AwsFault.validation(
          "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
    }
    return legacy.isMissingNode()
        ? value(body, expression.asText(), partition)
        : legacy(legacy.path(partition), partition);
  }

  private static JsonNode value(ObjectNode body, String condition, String partition) {
    var expression = Expression.of(condition, body.path("ExpressionAttributeNames"));
    var placeholder = KeyCondition.equality(expression, partition);
    var value = body.path("ExpressionAttributeValues").path(placeholder);
    if (value.isMissingNode()) {
      throw AwsFault.validation(
          "An expression attribute value used in expression is not defined: " + placeholder);
    }
    return value;
  }

  private static JsonNode legacy(JsonNode condition, String partition) {
    var values = condition.path("AttributeValueList");
    if (!condition.path("ComparisonOperator").asText().equals("EQ") || values.size() != 1) {
      throw AwsFault.validation("Query condition missed key schema element: " + partition);
    }
    return values.get(0);
  }
}
