package dev.partywall.observability;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** Writes an event's own fields under sanitized, unique names. */
final class LogFields {
  private static final int MAX_FIELDS = 64;
  private static final int MAX_NAME = 128;
  private static final int MAX_VALUE = 2_048;

  private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9_.-]");

  private final Set<String> reserved;
  private final List<String> used = new ArrayList<>();

  LogFields(Set<String> reserved) {
    this.reserved = reserved;
  }

  void write(JsonLineBuilder text, List<KeyValuePair> pairs) {
    for (var pair : pairs.subList(0, Math.min(MAX_FIELDS, pairs.size()))) {
      value(text.name(uniqueName(String.valueOf(pair.key))), pair.value);
    }
    if (pairs.size() > MAX_FIELDS) {
      text.name(uniqueName("fieldsLeftOut")).literal(String.valueOf(pairs.size() - MAX_FIELDS));
    }
  }

  // Sanitizes before comparing: truncation can make two names equal.
  private String uniqueName(String key) {
    var name = isSafe(key) ? key : sanitize(key);
    // Usually five names, at most one per field: a set would not be faster.
    while (reserved.contains(name) || used.contains(name)) {
      name += "_";
    }
    used.add(name);
    return name;
  }

  // Runs for every field of every line, and most names are safe: avoids a regular expression.
  private static boolean isSafe(String key) {
    for (var i = 0; i < key.length(); i++) {
      var c = key.charAt(i);
      var letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '-') {
        return false;
      }
    }
    return !key.isEmpty() && key.length() <= MAX_NAME;
  }

  private static String sanitize(String key) {
    var name = key.length() > MAX_NAME ? key.substring(0, MAX_NAME) : key;
    return UNSAFE.matcher(name).replaceAll("_");
  }

  private static void value(JsonLineBuilder text, @Nullable Object value) {
    switch (value) {
      case null -> text.literal("null");
      case Boolean bool -> text.literal(bool.toString());
      case Long number -> text.literal(number.toString());
      case Integer number -> text.literal(number.toString());
      case Double number when Double.isFinite(number) -> text.literal(number.toString());
      default -> text.string(toText(value), MAX_VALUE);
    }
  }

  // A failing toString() must not lose the line.
  private static String toText(Object value) {
    try {
      return String.valueOf(value.toString());
    } catch (RuntimeException e) {
      return "[" + value.getClass().getName() + ".toString() failed]";
    }
  }
}
