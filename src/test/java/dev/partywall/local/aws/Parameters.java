package dev.partywall.local.aws;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A template's parameters: their values, held against what the template allows. */
final class Parameters {
  private Parameters() {}

  /** Every parameter's value: the one given, or else its default. */
  static Map<String, String> values(Map<String, Object> declared, Map<String, String> given) {
    var values = new LinkedHashMap<String, String>();
    declared.forEach((name, rules) -> values.put(name, value(name, (Map<?, ?>) rules, given)));
    if (!declared.keySet().containsAll(given.keySet())) {
      throw new IllegalArgumentException("no such parameter among " + given.keySet());
    }
    return values;
  }

  private static String value(String name, Map<?, ?> rules, Map<String, String> given) {
    var value = given.getOrDefault(name, String.valueOf(rules.get("Default")));
    if (!allowed(value, rules.get("AllowedValues"), rules.get("AllowedPattern"))) {
      throw new IllegalArgumentException(name + " can't be " + value);
    }
    return value;
  }

  private static boolean allowed(String value, @Nullable Object values, @Nullable Object pattern) {
    return (values == null || ((List<?>) values).contains(value))
        && (pattern == null || value.matches(pattern.toString()));
  }
}
