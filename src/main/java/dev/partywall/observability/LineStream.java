package dev.partywall.observability;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A stream whose lines become log lines. A line that does not end is cut into long pieces. */
final class LineStream extends OutputStream {
  private static final int LONGEST = 8_192;

  private final Consumer<String> log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private LineStream(Consumer<String> log) {
    this.log = log;
  }

  /** Such a stream, for {@link System#setErr} and its like. */
  static PrintStream to(Consumer<String> log) {
    return new PrintStream(new LineStream(log), true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int b) {
    if (b != '\n') {
      line.write(b);
    }
    if (b == '\n' || line.size() == LONGEST) {
      end();
    }
  }

  private void end() {
    var words = line.toString(StandardCharsets.UTF_8).stripTrailing();
    line.reset();
    if (!words.isEmpty()) {
      log.accept(words);
    }
  }
}
