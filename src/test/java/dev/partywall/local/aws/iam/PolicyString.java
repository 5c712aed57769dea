package dev.partywall.local.aws.iam;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A policy string with wildcards and variables: <code>${aws:userid}</code>, <code>${key, 'default'}
 * </code>, and <code>${*} ${?} ${$}</code> for the literal characters.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html">policy
 *     variables</a>
 */
final class PolicyString {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{(?:([*?$])|([\\w:/.+=@-]+)(?:\\s*,\\s*'([^'{}]*)')?)}");

  private final String text;
  private final List<Part> parts;

  private PolicyString(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  /** A part of the string as written, with wildcards unresolved. */
  private sealed interface Part {
    record Plain(String text) implements Part {}

    record Escaped(String text) implements Part {}

    record Variable(String key, Optional<String> defaultValue) implements Part {}
  }

  /** Creates a string without variables, as policies of version 2008-10-17 define it. */
  static PolicyString literal(String text) {
    return new PolicyString(text, List.of(new Part.Plain(text)));
  }

  static PolicyString withVariables(String text) {
    var parts = new ArrayList<Part>();
    var matcher = VARIABLE.matcher(text);
    int from = 0;
    while (matcher.find()) {
      parts.add(literalPart(text.substring(from, matcher.start())));
      parts.add(
          matcher.group(1) != null
              ? new Part.Escaped(matcher.group(1))
              : new Part.Variable(matcher.group(2), Optional.ofNullable(matcher.group(3))));
      from = matcher.end();
    }
    parts.add(literalPart(text.substring(from)));
    return new PolicyString(text, parts);
  }

  private static Part literalPart(String text) {
    if (text.contains("${")) {
      throw new MalformedPolicyException("Invalid policy variable: " + text);
    }
    return new Part.Plain(text);
  }

  /** Returns the string as written in the policy. */
  String text() {
    return text;
  }

  boolean isLiteral() {
    return parts.stream().allMatch(Part.Plain.class::isInstance);
  }

  /**
   * Substitutes the variables. Values of variables are never wildcards.
   *
   * @param wild whether {@code *} and {@code ?} are wildcards
   * @return empty if a variable has no value or several values
   */
  Optional<WildcardPattern> resolve(RequestContext context, boolean wild) {
    var points = IntStream.builder();
    for (var part : parts) {
      var value = value(part, context);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      var expandWildcards = wild && part instanceof Part.Plain;
      value
          .get()
          .codePoints()
          .map(point -> expandWildcards ? wildcard(point) : point)
          .forEach(points::add);
    }
    return Optional.of(new WildcardPattern(points.build().toArray()));
  }

  private static Optional<String> value(Part part, RequestContext context) {
    return switch (part) {
      case Part.Plain(var text) -> Optional.of(text);
      case Part.Escaped(var text) -> Optional.of(text);
      case Part.Variable(var key, var defaultValue) -> {
        var values = context.get(key);
        yield values.size() == 1
            ? Optional.of(values.iterator().next())
            : values.isEmpty() ? defaultValue : Optional.empty();
      }
    };
  }

  private static int wildcard(int point) {
    return switch (point) {
      case '*' -> WildcardPattern.ANY;
      case '?' -> WildcardPattern.ONE;
      default -> point;
    };
  }
}
