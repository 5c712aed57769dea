package dev.partywall.observability;

import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.simple.SimpleLoggerFactory;

/**
 * Makes the loggers of this process, and owns the output that they share. Levels are
 * slf4j-simple's: {@code org.slf4j.simpleLogger.defaultLogLevel} and {@code
 * org.slf4j.simpleLogger.log.…}, as system properties or in {@code simplelogger.properties}. Its
 * properties for the form and the target of a line have no effect: a line is always JSON on
 * standard output.
 */
public final class JsonLoggerFactory extends SimpleLoggerFactory {
  /** Lines that wait for a slow reader take this much memory, and a quarter more for the audit. */
  private static final long CAPACITY = 4L << 20;

  /** Between two tries, while standard output fails. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final LogLine line;
  private final LogOutput output;

  JsonLoggerFactory(OutputStream out, InstantSource clock) {
    this(out, clock, CAPACITY);
  }

  JsonLoggerFactory(OutputStream out, InstantSource clock, long capacity) {
    line = new LogLine(clock);
    output =
        new LogOutput(
            LineChannel.of(out),
            capacity,
            this::dropReport,
            JsonLoggerFactory::pause,
            System::nanoTime);
    output.start();
  }

  /**
   * The factory that slf4j found in this process.
   *
   * @throws IllegalStateException when slf4j has another provider, so that lines are not ours
   */
  public static JsonLoggerFactory installed() {
    if (LoggerFactory.getILoggerFactory() instanceof JsonLoggerFactory factory) {
      return factory;
    }
    throw new IllegalStateException(
        "slf4j's provider is not " + JsonLogProvider.class.getName() + ": is there another one?");
  }

  @Override
  protected Logger createLogger(String name) {
    return new JsonLogger(name, line, output);
  }

  /**
   * Waits until everything that has been logged is out.
   *
   * @return whether that was so within {@code patience}
   */
  public boolean flush(Duration patience) throws InterruptedException {
    return output.flush(patience);
  }

  /**
   * How many lines have been dropped, because nobody read standard output in time or because it
   * failed.
   */
  public long dropped() {
    return output.dropped();
  }

  /** Why lines don't come out; empty when they do. */
  public Optional<String> problem() {
    return output.problem();
  }

  /** The form of a line, for those that are not dropped. */
  LogLine line() {
    return line;
  }

  /** Where lines go. */
  LogOutput output() {
    return output;
  }

  private static void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  private byte[] dropReport(long count) {
    var pairs = List.of(new KeyValuePair("dropped", count));
    return line.of(LogEvent.of(Level.WARN, LogOutput.class.getName(), "lines were dropped", pairs));
  }
}
