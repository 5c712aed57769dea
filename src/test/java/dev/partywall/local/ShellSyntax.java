package dev.partywall.local;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text that a POSIX shell reads as intended. */
final class ShellSyntax {
  private static final Pattern NO_QUOTES_NEEDED = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellSyntax() {}

  /** Returns one line per variable. Only a value with special characters is quoted. */
  static String assignments(Map<String, String> variables) {
    return variables.entrySet().stream()
        .map(variable -> variable.getKey() + "=" + word(variable.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  /** Returns the text as one word. */
  static String word(String text) {
    return NO_QUOTES_NEEDED.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
