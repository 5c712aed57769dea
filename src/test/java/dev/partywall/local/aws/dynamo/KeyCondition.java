package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.wire.AwsFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A KeyConditionExpression: comparisons joined by AND, in whatever parentheses. It is read whole,
 * since a value that a mere search finds beside a name need not be what the engine compares it
 * with.
 */
final class KeyCondition {
  private final Expression expression;
  private final List<String> tokens;
  private final Map<String, List<String>> equal = new HashMap<>();
  private int next;

  private KeyCondition(Expression expression) {
    this.expression = expression;
    // Where everything is joined by AND, parentheses change nothing.
    this.tokens = new ArrayList<>(expression.tokens());
    tokens.removeIf(token -> token.equals("(") || token.equals(")"));
  }

  /**
   * The placeholder of the value that the partition key must equal.
   *
   * @throws AwsFault where the condition asks anything else of it
   */
  static String equality(Expression expression, String partition) {
    var values = new KeyCondition(expression).read().getOrDefault(partition, List.of());
    if (values.size() != 1) {
      throw AwsFault.validation("Query condition missed key schema element: " + partition);
    }
    return values.getFirst();
  }

  private Map<String, List<String>> read() {
    do {
      if (!term()) {
        throw AwsFault.validation("Invalid KeyConditionExpression");
      }
    } while (take("AND"));
    if (next != tokens.size()) {
      throw AwsFault.validation("Invalid KeyConditionExpression");
    }
    return equal;
  }

  private boolean beginning() {
    return take("begins_with") && name() && take(",") && value();
  }

  private boolean term() {
    if (at(0).equals("begins_with")) {
      return beginning();
    }
    if (!Expression.isName(at(0))) {
      return comparison(at(2), at(0));
    }
    return at(1).equalsIgnoreCase("BETWEEN") ? between() : comparison(at(0), at(2));
  }

  private boolean between() {
    return name() && take("BETWEEN") && value() && take("AND") && value();
  }

  private boolean comparison(String name, String value) {
    if (!Expression.isName(name) || !value.startsWith(":") || !at(1).matches("=|<|>|<=|>=")) {
      return false;
    }
    if (at(1).equals("=")) {
      equal.computeIfAbsent(expression.resolve(name), _ -> new ArrayList<>()).add(value);
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

  private boolean take(String token) {
    var taken = at(0).equalsIgnoreCase(token);
    next += taken ? 1 : 0;
    return taken;
  }

  private String at(int offset) {
    return next + offset < tokens.size() ? tokens.get(next + offset) : "";
  }
}
