package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.wire.AwsFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A KeyConditionExpression: comparisons joined by AND, with any parentheses. It is parsed
 * completely, because a value found beside a name by a text search may differ from the value that
 * the engine compares.
 */
final class KeyCondition {
  private final Expression expression;
  private final List<String> tokens;
  private final Map<String, List<String>> equalities = new HashMap<>();
  private int next;

  private KeyCondition(Expression expression) {
    this.expression = expression;
    // In a pure conjunction, parentheses have no effect.
    this.tokens = new ArrayList<>(expression.tokens());
    tokens.removeIf(token -> token.equals("(") || token.equals(")"));
  }

  /**
   * Returns the placeholder of the value that the partition key must equal.
   *
   * @throws AwsFault if the condition has any other form
   */
  static String partitionPlaceholder(Expression expression, String partition) {
    var values = new KeyCondition(expression).parse().getOrDefault(partition, List.of());
    if (values.size() != 1) {
      throw AwsFault.validation("Query condition missed key schema element: " + partition);
    }
    return values.getFirst();
  }

  private Map<String, List<String>> parse() {
    do {
      if (!term()) {
        throw AwsFault.validation("Invalid KeyConditionExpression");
      }
    } while (accept("AND"));
    if (next != tokens.size()) {
      throw AwsFault.validation("Invalid KeyConditionExpression");
    }
    return equalities;
  }

  private boolean beginsWith() {
    return accept("begins_with") && name() && accept(",") && value();
  }

  private boolean term() {
    if (at(0).equals("begins_with")) {
      return beginsWith();
    }
    if (!Expression.isName(at(0))) {
      return comparison(at(2), at(0));
    }
    return at(1).equalsIgnoreCase("BETWEEN") ? between() : comparison(at(0), at(2));
  }

  private boolean between() {
    return name() && accept("BETWEEN") && value() && accept("AND") && value();
  }

  private boolean comparison(String name, String value) {
    if (!Expression.isName(name) || !value.startsWith(":") || !at(1).matches("=|<|>|<=|>=")) {
      return false;
    }
    if (at(1).equals("=")) {
      equalities.computeIfAbsent(expression.attributeName(name), _ -> new ArrayList<>()).add(value);
    }
    next += 3;
    return true;
  }

  private boolean name() {
    return Expression.isName(at(0)) && next++ >= 0;
  }

  private boolean value() {
    return at(0).startsWith(":") && next++ >= 0;
  }

  private boolean accept(String token) {
    var accepted = at(0).equalsIgnoreCase(token);
    next += accepted ? 1 : 0;
    return accepted;
  }

  private String at(int offset) {
    return next + offset < tokens.size() ? tokens.get(next + offset) : "";
  }
}
