package dev.partywall.local.aws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Parses a statement's Condition: operator, key, and one or several values. */
final class ConditionReader {
  private static final Pattern KEY = Pattern.compile("[a-z0-9-]+:.+", Pattern.CASE_INSENSITIVE);

  private final boolean supportsVariables;

  ConditionReader(boolean supportsVariables) {
    this.supportsVariables = supportsVariables;
  }

  List<IamCondition> read(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    var conditions = new ArrayList<IamCondition>();
    for (var operator : object(node).properties()) {
      for (var key : object(operator.getValue()).properties()) {
        conditions.add(condition(operator.getKey(), key.getKey(), key.getValue()));
      }
    }
    return conditions;
  }

  private IamCondition condition(String operator, String key, JsonNode values) {
    if (!KEY.matcher(key).matches()) {
      throw new MalformedPolicyException(
          "Conditions must be prefaced by a vendor, e.g., aws: " + key);
    }
    return operator.equals("Null") ? absence(key, values) : comparing(operator, key, values);
  }

  private static IamCondition absence(String key, JsonNode values) {
    return switch (values.isArray() && values.size() == 1
        ? values.get(0).asText("")
        : values.asText("")) {
      case "true" -> new IamCondition.KeyAbsence(key, true);
      case "false" -> new IamCondition.KeyAbsence(key, false);
      default -> throw new MalformedPolicyException("Null takes true or false");
    };
  }

  private IamCondition comparing(String name, String key, JsonNode values) {
    var operator = ConditionOperator.parse(name);
    var templates = new ArrayList<PolicyString>();
    for (var value : PolicyReader.each(values)) {
      var template = template(value);
      operator.comparison().validate(template);
      templates.add(template);
    }
    return new IamCondition.KeyComparison(operator, key, List.copyOf(templates));
  }

  private PolicyString template(JsonNode value) {
    if (!value.isValueNode() || value.isNull()) {
      throw new MalformedPolicyException("Not a value: " + value);
    }
    return supportsVariables
        ? PolicyString.withVariables(value.asText())
        : PolicyString.literal(value.asText());
  }

  private static JsonNode object(JsonNode node) {
    if (!node.isObject() || node.isEmpty()) {
      throw new MalformedPolicyException("Syntax errors in policy.");
    }
    return node;
  }
}
