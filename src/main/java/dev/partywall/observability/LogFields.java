package dev.partywall.observability;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** Writes an event's own fields under names that are plain and not taken. */
final class LogFields {
  private static final int MOST = 64;
  private static final int NAME = 128;
  private static final int VALUE = 2_048;

  private static final Pattern STRANGE = Pattern.compile("[^A-Za-z0-9_.-]");

  private final Set<String> reserved;
  private final List<String> taken = new ArrayList<>();

  LogFields(Set<String> reserved) {
    this.reserved = reserved;
  }

  void write(JsonText text, List<KeyValuePair> pairs) {
    for (var pair : pairs.subList(0, Math.min(MOST, pairs.size()))) {
      value(text.name(free(String.valueOf(pair.key))), pair.value);
    }
    if (pairs.size() > MOST) {
      text.name(free("fieldsLeftOut")).literal(String.valueOf(pairs.size() - MOST));
    }
  }

  // Made plain before it is compared: two names may be the same once they are cut.
  private String free(String key) {
    var name = isPlain(key) ? key : plain(key);
    // At most as many as there are fields, and mostly five: no set is faster.
    while (reserved.contains(name) || taken.contains(name)) {
      name += "_";
    }
    taken.add(name);
    return name;
  }

  // Every field of every line comes by here, and is plain: no regular expression for that.
  private static boolean isPlain(String key) {
    for (var i = 0; i < key.length(); i++) {
      var c = key.charAt(i);
      var letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '-') {
        return false;
      }
    }
    return !key.isEmpty() && key.length() <= NAME;
  }

  private static String plain(String key) {
    var name = key.length() > NAME ? key.substring(0, NAME) : key;
    return STRANGE.matcher(name).replaceAll("_");
  }

  private static void value(JsonText text, @Nullable Object value) {
    switch (value) {
      case null -> text.literal("null");
      case Boolean it -> text.literal(it.toString());
      case Long it -> text.literal(it.toString());
      case Integer it -> text.literal(it.toString());
      case Double it when Double.isFinite(it) -> text.literal(it.toString());
      default -> text.string(words(value), VALUE);
    }
  }

  // A value that can't be told must not cost us the line.
  private static String words(Object value) {
    try {
      return String.valueOf(value.toString());
    } catch (RuntimeException e) {
      return "[" + value.getClass().getName() + ".toString() failed]";
    }
  }
}
