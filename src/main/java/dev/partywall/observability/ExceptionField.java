package dev.partywall.observability;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Writes an exception as a JSON object: type, message, and the stack trace as a bounded string. */
final class ExceptionField {
  private static final int MAX_TYPE = 256;
  private static final int MAX_MESSAGE = 2_048;
  private static final int MAX_STACK = 16_384;

  private ExceptionField() {}

  static void write(JsonLineBuilder text, Throwable thrown) {
    text.beginObject();
    text.name("type").string(thrown.getClass().getName(), MAX_TYPE);
    text.name("message").string(message(thrown), MAX_MESSAGE);
    text.name("stack").string(stack(thrown), MAX_STACK);
    text.endObject();
  }

  // Exceptions may override these methods. Their failure must not lose the line.
  private static String message(Throwable thrown) {
    try {
      return String.valueOf(thrown.getMessage());
    } catch (RuntimeException e) {
      return "[getMessage() failed]";
    }
  }

  private static String stack(Throwable thrown) {
    var trace = new StringWriter();
    try {
      thrown.printStackTrace(new PrintWriter(trace));
    } catch (RuntimeException e) {
      trace.append("[printStackTrace() failed]");
    }
    return trace.toString();
  }
}
