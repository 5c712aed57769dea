package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One of DynamoDB's expressions, as far as the wall must read it: which top-level attributes it
 * touches, and which value it asks of one. A character that the grammar doesn't have is refused.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html">expressions</a>
 */
final class Expression {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(#\\w+|:\\w+|[A-Za-z_]\\w*|\\d+|<>|<=|>=|[=<>(),.\\[\\]+-])\\s*");
  private static final Pattern NAME = Pattern.compile("#?[A-Za-z_]\\w*|#\\w+");
  // Reserved words all, so they can be no attribute's bare name.
  private static final Set<String> WORDS = Set.of("AND", "OR", "NOT", "BETWEEN", "IN");
  private static final Set<String> CHOICES = Set.of("OR", "NOT", "IN");
  private static final Set<String> CLAUSES = Set.of("SET", "REMOVE", "ADD", "DELETE");

  private final List<String> tokens;
  private final JsonNode names;

  private Expression(List<String> tokens, JsonNode names) {
    this.tokens = tokens;
    this.names = names;
  }

  /**
   * Reads one.
   *
   * @param names the request's ExpressionAttributeNames
   */
  static Expression of(String text, JsonNode names) {
    var tokens = new ArrayList<String>();
    var matcher = TOKEN.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw AwsFault.validation(
            "Invalid expression: Syntax error; token: " + text.substring(end));
      }
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    return new Expression(tokens, names);
  }

  /** The attributes of a projection, a condition, a filter or a key condition. */
  Set<String> attributes() {
    return attributes(false);
  }

  /** The attributes of an update. */
  Set<String> updated() {
    return attributes(true);
  }

  private Set<String> attributes(boolean update) {
    var attributes = new TreeSet<String>();
    for (int i = 0; i < tokens.size(); i++) {
      if (isRoot(i) && !(update && isClause(i))) {
        attributes.add(resolve(tokens.get(i)));
      }
    }
    return attributes;
  }

  /** A name that begins a path: no word of the grammar, no function, nothing behind a dot. */
  private boolean isRoot(int i) {
    var token = tokens.get(i);
    return NAME.matcher(token).matches()
        && !WORDS.contains(token.toUpperCase(Locale.ROOT))
        && !at(i - 1).equals(".")
        && (token.startsWith("#") || !at(i + 1).equals("("));
  }

  /** The word of a clause stands first, or behind something complete; elsewhere it is a name. */
  private boolean isClause(int i) {
    return CLAUSES.contains(tokens.get(i).toUpperCase(Locale.ROOT))
        && (i == 0 || (isOperandEnd(i - 1) && !isClause(i - 1)));
  }

  private boolean isOperandEnd(int i) {
    var token = tokens.get(i);
    return NAME.matcher(token).matches() || token.matches(":\\w+|[)\\]]");
  }

  /**
   * The value that a key condition asks of an attribute: {@code name = :value} or {@code :value =
   * name}, in whatever parentheses, once.
   *
   * @return the value's placeholder
   */
  String equal(String attribute) {
    var flat = new ArrayList<>(tokens);
    flat.removeIf(token -> token.equals("(") || token.equals(")"));
    var found = new TreeSet<String>();
    int mentions = 0;
    for (int i = 0; i < flat.size(); i++) {
      if (NAME.matcher(flat.get(i)).matches() && isAttribute(flat.get(i), attribute)) {
        mentions++;
        found.addAll(sides(flat, i));
      }
    }
    if (mentions != 1 || found.size() != 1 || !isKeyCondition()) {
      throw AwsFault.validation("Query condition missed key schema element: " + attribute);
    }
    return found.first();
  }

  /** A key condition has neither choices nor functions, but for one. */
  private boolean isKeyCondition() {
    return IntStream.range(0, tokens.size())
        .noneMatch(i -> CHOICES.contains(tokens.get(i).toUpperCase(Locale.ROOT)) || isFunction(i));
  }

  private boolean isFunction(int i) {
    var token = tokens.get(i);
    return NAME.matcher(token).matches()
        && at(i + 1).equals("(")
        && !WORDS.contains(token.toUpperCase(Locale.ROOT))
        && !token.equals("begins_with");
  }

  private boolean isAttribute(String token, String attribute) {
    return !WORDS.contains(token.toUpperCase(Locale.ROOT)) && resolve(token).equals(attribute);
  }

  private static List<String> sides(List<String> flat, int i) {
    var values = new ArrayList<String>();
    if (i + 2 < flat.size() && flat.get(i + 1).equals("=")) {
      values.add(flat.get(i + 2));
    }
    if (i >= 2 && flat.get(i - 1).equals("=")) {
      values.add(flat.get(i - 2));
    }
    return values.stream().filter(value -> value.startsWith(":")).toList();
  }

  private String resolve(String token) {
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
