package dev.partywall.local.aws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates CloudFormation's intrinsic functions, as far as the project's template uses them. An
 * unsupported function is an error, because a policy must not be misread.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html">AWS's
 *     reference</a>
 */
final class IntrinsicFunctions {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(!?)([^}]*)}");
  private static final Object NO_VALUE = new Object();

  private final BiFunction<String, String, String> values;
  private final Predicate<String> conditions;

  /**
   * @param values returns the value of a name; the second argument is an attribute ({@code
   *     Fn::GetAtt}) or empty ({@code Ref})
   * @param conditions returns the value of a named condition
   */
  IntrinsicFunctions(BiFunction<String, String, String> values, Predicate<String> conditions) {
    this.values = values;
    this.conditions = conditions;
  }

  /** Returns the value with all functions evaluated; null for {@code AWS::NoValue}. */
  @Nullable Object evaluate(Object value) {
    var resolved = resolved(value);
    return resolved == NO_VALUE ? null : resolved;
  }

  private Object resolved(Object value) {
    return switch (value) {
      case Map<?, ?> map when isCall(map) -> evaluateCall(map);
      case Map<?, ?> map -> resolveMap(map);
      case List<?> list -> resolveList(list);
      default -> value;
    };
  }

  private static boolean isCall(Map<?, ?> map) {
    if (map.size() != 1) {
      return false;
    }
    var key = map.keySet().iterator().next().toString();
    // A single "Condition" key is not a function call: in a policy it belongs to the statement.
    return key.equals("Ref") || key.startsWith("Fn::");
  }

  private Object evaluateCall(Map<?, ?> map) {
    var call = map.entrySet().iterator().next();
    var argument = call.getValue();
    return switch (call.getKey().toString()) {
      case "Ref" -> argument.equals("AWS::NoValue") ? NO_VALUE : value(argument, "");
      case "Fn::GetAtt" -> value(list(argument).get(0), list(argument).get(1).toString());
      case "Fn::Sub" -> PLACEHOLDER.matcher(argument.toString()).replaceAll(this::placeholder);
      case "Fn::If" -> resolved(branch(list(argument)));
      case "Fn::Equals" -> resolved(list(argument).get(0)).equals(resolved(list(argument).get(1)));
      default ->
          throw new IllegalArgumentException("Unsupported intrinsic function: " + call.getKey());
    };
  }

  private Object value(Object name, String attribute) {
    return values.apply(name.toString(), attribute);
  }

  private String placeholder(MatchResult match) {
    var name = match.group(2);
    if (!match.group(1).isEmpty()) {
      return Matcher.quoteReplacement("${" + name + "}");
    }
    var dot = name.indexOf('.');
    var value =
        dot < 0
            ? values.apply(name, "")
            : values.apply(name.substring(0, dot), name.substring(dot + 1));
    return Matcher.quoteReplacement(value);
  }

  private Object branch(List<?> arguments) {
    return arguments.get(conditions.test(arguments.get(0).toString()) ? 1 : 2);
  }

  private Map<String, Object> resolveMap(Map<?, ?> map) {
    var resolved = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> put(resolved, key.toString(), resolved(value)));
    return resolved;
  }

  private static void put(Map<String, Object> map, String key, Object value) {
    if (value != NO_VALUE) {
      map.put(key, value);
    }
  }

  private List<Object> resolveList(List<?> list) {
    var resolved = new ArrayList<Object>();
    list.stream().map(this::resolved).filter(item -> item != NO_VALUE).forEach(resolved::add);
    return resolved;
  }

  private static List<?> list(Object argument) {
    return (List<?>) argument;
  }
}
