package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.iam.RequestContext;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The DynamoDB condition keys of a request. An omitted member counts as its default, so omitting it
 * does not bypass a condition.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html">fine-grained
 *     access control</a>
 */
final class RequestFacts {
  private static final Set<String> MAPS_OF_ATTRIBUTES =
      Set.of(
          "Key",
          "Item",
          "Expected",
          "AttributeUpdates",
          "KeyConditions",
          "QueryFilter",
          "ScanFilter");
  private static final Set<String> EXPRESSIONS =
      Set.of(
          "ProjectionExpression",
          "ConditionExpression",
          "FilterExpression",
          "KeyConditionExpression");

  private RequestFacts() {}

  static RequestContext leadingKeys(Collection<String> keys) {
    return RequestContext.EMPTY.with("dynamodb:LeadingKeys", keys);
  }

  static RequestContext enclosingOperation(String operation) {
    return RequestContext.EMPTY.with("dynamodb:EnclosingOperation", operation);
  }

  /** Returns the keys of a read request, including the returned attributes. */
  static RequestContext readKeys(ObjectNode node, RequestedTable table, Optional<String> index) {
    var projected = node.has("ProjectionExpression") || node.has("AttributesToGet");
    var all = index.isPresent() ? "ALL_PROJECTED_ATTRIBUTES" : "ALL_ATTRIBUTES";
    var select = node.path("Select").asText(projected ? "SPECIFIC_ATTRIBUTES" : all);
    return attributeKeys(node, table, index).with("dynamodb:Select", select);
  }

  /** Returns the keys of a write request, including the returned attributes. */
  static RequestContext writeKeys(ObjectNode node, RequestedTable table) {
    return attributeKeys(node, table, Optional.empty())
        .with("dynamodb:ReturnValues", node.path("ReturnValues").asText("NONE"));
  }

  static RequestContext consumedCapacity(ObjectNode body) {
    var requested = body.path("ReturnConsumedCapacity").asText("NONE");
    return RequestContext.EMPTY.with("dynamodb:ReturnConsumedCapacity", requested);
  }

  private static RequestContext attributeKeys(
      ObjectNode node, RequestedTable table, Optional<String> index) {
    var attributes = attributes(node);
    table.schema().ifPresent(schema -> attributes.addAll(schema.keys().all()));
    table.schema().ifPresent(schema -> attributes.addAll(schema.keys(index).all()));
    return RequestContext.EMPTY.with("dynamodb:Attributes", attributes);
  }

  /** Returns every top-level attribute that a request names anywhere. */
  static Set<String> attributes(ObjectNode node) {
    var attributes = new TreeSet<String>();
    var names = node.path("ExpressionAttributeNames");
    for (var member : node.properties()) {
      var value = member.getValue();
      if (MAPS_OF_ATTRIBUTES.contains(member.getKey())) {
        RequestMembers.requireMap(value).fieldNames().forEachRemaining(attributes::add);
      } else if (EXPRESSIONS.contains(member.getKey())) {
        attributes.addAll(Expression.of(value.asText(), names).attributes());
      } else if (member.getKey().equals("UpdateExpression")) {
        attributes.addAll(Expression.of(value.asText(), names).updateAttributes());
      } else if (member.getKey().equals("AttributesToGet")) {
        RequestMembers.requireList(value).forEach(name -> attributes.add(name.asText()));
      }
    }
    return attributes;
  }
}
