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
 * Creates the loggers of this process and owns their shared output. Levels are configured as in
 * slf4j-simple: {@code org.slf4j.simpleLogger.defaultLogLevel} and {@code
 * org.slf4j.simpleLogger.log.…}, as system properties or in {@code simplelogger.properties}. Its
 * properties for the format and target of a line have no effect: lines are always JSON on standard
 * output.
 */
public final class JsonLoggerFactory extends SimpleLoggerFactory {
  /** Buffer capacity in bytes for lines that wait for a slow reader; the audit gets 25 % more. */
  private static final long CAPACITY = 4L << 20;

  /** Pause between attempts while standard output fails. */
  private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

  private final LogLine lineFormat;
  private final LogOutput output;

  JsonLoggerFactory(OutputStream out, InstantSource clock) {
    this(out, clock, CAPACITY);
  }

  JsonLoggerFactory(OutputStream out, InstantSource clock, long capacity) {
    lineFormat = new LogLine(clock);
    output =
        new LogOutput(
            LineChannel.channelFor(out),
            capacity,
            this::dropReport,
            JsonLoggerFactory::pause,
            System::nanoTime);
    output.start();
  }

  /**
   * Returns the factory that slf4j uses in this process.
   *
   * @throws IllegalStateException if slf4j uses another provider
   */
  public static JsonLoggerFactory installed() {
    if (LoggerFactory.getILoggerFactory() instanceof JsonLoggerFactory factory) {
      return factory;
    }
    throw new IllegalStateException(
        "slf4j does not use the provider "
            + JsonLogProvider.class.getName()
            + "; check the class path for another provider");
  }

  @Override
  protected Logger createLogger(String name) {
    return new JsonLogger(name, lineFormat, output);
  }

  /**
   * Waits until all logged lines are written.
   *
   * @return false if {@code timeout} expires first
   */
  public boolean flush(Duration timeout) throws InterruptedException {
    return output.flush(timeout);
  }

  /** Returns the number of lines dropped because standard output was blocked or failed. */
  public long droppedLines() {
    return output.droppedLines();
  }

  /** Returns the reason why lines are not written; empty if the output works. */
  public Optional<String> problem() {
    return output.problem();
  }

  /** Returns the line format, for audit entries. */
  LogLine lineFormat() {
    return lineFormat;
  }

  /** Returns the shared output. */
  LogOutput output() {
    return output;
  }

  private static void pause() {
    LockSupport.parkNanos(RETRY_PAUSE.toNanos());
  }

  private byte[] dropReport(long count) {
    var pairs = List.of(new KeyValuePair("dropped", count));
    return lineFormat.format(
        LogEvent.of(Level.WARN, LogOutput.class.getName(), "Log lines dropped", pairs));
  }
}
