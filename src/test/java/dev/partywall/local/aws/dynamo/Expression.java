package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A DynamoDB expression, parsed as far as IAM enforcement needs it: its top-level attributes.
 * Characters outside the grammar are rejected.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html">expressions</a>
 */
final class Expression {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(#\\w+|:\\w+|[A-Za-z_]\\w*|\\d+|<>|<=|>=|[=<>(),.\\[\\]+-])\\s*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*|#\\w+");
  // All are reserved words, so none is a valid attribute name without a placeholder.
  private static final Set<String> WORDS = Set.of("AND", "OR", "NOT", "BETWEEN", "IN");
  private static final Set<String> CLAUSES = Set.of("SET", "REMOVE", "ADD", "DELETE");

  private final List<String> tokens;
  private final JsonNode names;

  private Expression(List<String> tokens, JsonNode names) {
    this.tokens = tokens;
    this.names = names;
  }

  /**
   * Tokenizes an expression.
   *
   * @param names the request's ExpressionAttributeNames
   * @throws AwsFault if the expression contains an invalid character
   */
  static Expression of(String text, JsonNode names) {
    var tokens = new ArrayList<String>();
    var matcher = TOKEN.matcher(text);
    for (int end = 0; end < text.length(); end = matcher.end()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw AwsFault.validation(
            "Invalid expression: Syntax error; token: " + text.substring(end));
      }
      tokens.add(matcher.group(1));
    }
    return new Expression(tokens, names);
  }

  List<String> tokens() {
    return tokens;
  }

  /** Returns the attributes of a projection, condition, filter or key condition. */
  Set<String> attributes() {
    return attributes(false);
  }

  /** Returns the attributes of an update expression. */
  Set<String> updateAttributes() {
    return attributes(true);
  }

  private Set<String> attributes(boolean update) {
    var attributes = new TreeSet<String>();
    for (int i = 0; i < tokens.size(); i++) {
      if (isRoot(i) && !(update && isClause(i))) {
        attributes.add(attributeName(tokens.get(i)));
      }
    }
    return attributes;
  }

  /** Returns whether a token starts a path: it is no function name and does not follow a dot. */
  private boolean isRoot(int i) {
    var token = tokens.get(i);
    return isName(token)
        && !at(i - 1).equals(".")
        && (token.startsWith("#") || !at(i + 1).equals("("));
  }

  /**
   * Returns whether a token starts a clause: it is the first token or follows a complete operand.
   * Elsewhere it is an attribute name.
   */
  private boolean isClause(int i) {
    return CLAUSES.contains(tokens.get(i).toUpperCase(Locale.ROOT))
        && (i == 0 || (isOperandEnd(i - 1) && !isClause(i - 1)));
  }

  private boolean isOperandEnd(int i) {
    var token = tokens.get(i);
    return isName(token) || token.matches(":\\w+|[)\\]]");
  }

  /** Returns whether a token names an attribute, not a keyword. */
  static boolean isName(String token) {
    return NAME.matcher(token).matches() && !WORDS.contains(token.toUpperCase(Locale.ROOT));
  }

  /** Returns the attribute that a token names. */
  String attributeName(String token) {
    if (!token.startsWith("#")) {
      return token;
    }
    var name = names.path(token);
    if (!name.isTextual()) {
      throw AwsFault.validation("An expression attribute name used is not defined: " + token);
    }
    return name.asText();
  }

  private String at(int i) {
    return i >= 0 && i < tokens.size() ? tokens.get(i) : "";
  }
}
