package dev.partywall.local.aws;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resolves the parameters of a template and validates their values. */
final class TemplateParameters {
  private TemplateParameters() {}

  /**
   * Returns the value of every parameter: the given value, or its default.
   *
   * @throws IllegalArgumentException if a given parameter is unknown, its value is not allowed, or
   *     a parameter has neither a value nor a default
   */
  static Map<String, String> values(Map<String, Object> declared, Map<String, String> given) {
    var values = new LinkedHashMap<String, String>();
    declared.forEach((name, rules) -> values.put(name, value(name, (Map<?, ?>) rules, given)));
    if (!declared.keySet().containsAll(given.keySet())) {
      throw new IllegalArgumentException("Unknown parameter among " + given.keySet());
    }
    return values;
  }

  private static String value(String name, Map<?, ?> rules, Map<String, String> given) {
    var stated = given.containsKey(name) ? given.get(name) : rules.get("Default");
    if (stated == null) {
      throw new IllegalArgumentException("Parameter " + name + " must have a value");
    }
    var value = stated.toString();
    if (!allowed(value, rules.get("AllowedValues"), rules.get("AllowedPattern"))) {
      throw new IllegalArgumentException(
          "Parameter " + name + " does not allow the value " + value);
    }
    return value;
  }

  private static boolean allowed(String value, @Nullable Object values, @Nullable Object pattern) {
    return (values == null || ((List<?>) values).contains(value))
        && (pattern == null || value.matches(pattern.toString()));
  }
}
