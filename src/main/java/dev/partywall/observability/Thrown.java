package dev.partywall.observability;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Writes an exception as an object: its type, its message, and its stack as one bounded string. */
final class Thrown {
  private static final int MESSAGE = 2_048;
  private static final int STACK = 16_384;

  private Thrown() {}

  static void write(JsonText text, Throwable thrown) {
    text.open();
    text.name("type").string(thrown.getClass().getName(), 256);
    text.name("message").string(message(thrown), MESSAGE);
    text.name("stack").string(stack(thrown), STACK);
    text.close();
  }

  // An exception may override what we ask it for; its own failure must not cost us the line.
  private static String message(Throwable thrown) {
    try {
      return String.valueOf(thrown.getMessage());
    } catch (RuntimeException e) {
      return "[getMessage() failed]";
    }
  }

  private static String stack(Throwable thrown) {
    var words = new StringWriter();
    try {
      thrown.printStackTrace(new PrintWriter(words));
    } catch (RuntimeException e) {
      words.append("[printStackTrace() failed]");
    }
    return words.toString();
  }
}
