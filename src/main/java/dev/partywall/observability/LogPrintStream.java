package dev.partywall.observability;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A stream that logs each line written to it. Splits lines longer than 8,192 bytes. */
final class LogPrintStream extends OutputStream {
  private static final int MAX_LINE = 8_192;

  private final Consumer<String> log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private LogPrintStream(Consumer<String> log) {
    this.log = log;
  }

  /** Returns a print stream that passes lines to {@code log}, for {@link System#setErr}. */
  static PrintStream create(Consumer<String> log) {
    return new PrintStream(new LogPrintStream(log), true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int b) {
    if (b != '\n') {
      line.write(b);
    }
    if (b == '\n' || line.size() == MAX_LINE) {
      logLine();
    }
  }

  private void logLine() {
    var text = line.toString(StandardCharsets.UTF_8).stripTrailing();
    line.reset();
    if (!text.isEmpty()) {
      log.accept(text);
    }
  }
}
