package dev.partywall.local.aws.iam;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A text of a policy that may hold wildcards and variables: <code>${aws:userid}</code>, <code>
 * ${key, 'default'}</code>, and <code>${*} ${?} ${$}</code> for the characters themselves.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html">policy
 *     variables</a>
 */
final class Template {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{(?:([*?$])|([\\w:/.+=@-]+)(?:\\s*,\\s*'([^'{}]*)')?)}");

  private final String text;
  private final List<Part> parts;

  private Template(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  /** A piece of the text: its characters are as written, wildcards still in them. */
  private sealed interface Part {
    record Plain(String text) implements Part {}

    record Escaped(String text) implements Part {}

    record Variable(String key, Optional<String> otherwise) implements Part {}
  }

  /** Without variables: as policies of version 2008-10-17 read them. */
  static Template plain(String text) {
    return new Template(text, List.of(new Part.Plain(text)));
  }

  static Template withVariables(String text) {
    var parts = new ArrayList<Part>();
    var matcher = VARIABLE.matcher(text);
    int from = 0;
    while (matcher.find()) {
      parts.add(literal(text.substring(from, matcher.start())));
      parts.add(
          matcher.group(1) != null
              ? new Part.Escaped(matcher.group(1))
              : new Part.Variable(matcher.group(2), Optional.ofNullable(matcher.group(3))));
      from = matcher.end();
    }
    parts.add(literal(text.substring(from)));
    return new Template(text, parts);
  }

  private static Part literal(String text) {
    if (text.contains("${")) {
      throw new MalformedPolicy("a variable that is not understood: " + text);
    }
    return new Part.Plain(text);
  }

  /** The text as the policy has it. */
  String text() {
    return text;
  }

  boolean isPlain() {
    return parts.stream().allMatch(Part.Plain.class::isInstance);
  }

  /**
   * The text with its variables filled in. What a variable brings in is never a wildcard.
   *
   * @param wild whether {@code *} and {@code ?} are wildcards
   * @return empty where a variable has no value, or several
   */
  Optional<Glob> resolve(Context context, boolean wild) {
    var points = IntStream.builder();
    for (var part : parts) {
      var value = value(part, context);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      var expands = wild && part instanceof Part.Plain;
      value.get().codePoints().map(point -> expands ? wildcard(point) : point).forEach(points::add);
    }
    return Optional.of(new Glob(points.build().toArray()));
  }

  private static Optional<String> value(Part part, Context context) {
    return switch (part) {
      case Part.Plain(var text) -> Optional.of(text);
      case Part.Escaped(var text) -> Optional.of(text);
      case Part.Variable(var key, var otherwise) -> {
        var values = context.get(key);
        yield values.size() == 1
            ? Optional.of(values.iterator().next())
            : values.isEmpty() ? otherwise : Optional.empty();
      }
    };
  }

  private static int wildcard(int point) {
    return switch (point) {
      case '*' -> Glob.ANY;
      case '?' -> Glob.ONE;
      default -> point;
    };
  }
}
