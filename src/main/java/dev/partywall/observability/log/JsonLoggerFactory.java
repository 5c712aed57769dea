package dev.partywall.observability.log;

import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NormalizedParameters;
import org.slf4j.simple.SimpleLogger;
import org.slf4j.simple.SimpleLoggerFactory;
import org.slf4j.spi.LoggingEventAware;

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
            LineWriter.LineChannel.channelFor(out),
            capacity,
            this::dropReport,
            JsonLoggerFactory::pause,
            System::nanoTime);
    output.start();
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

  /** Returns the part of the output for lines that must not be lost, such as audit entries. */
  public ReservedOutput reservedOutput() {
    return new ReservedOutput(lineFormat, output);
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

  /**
   * A logger that writes each event as one JSON line. It extends slf4j-simple's logger, which reads
   * and checks the levels; only the output differs.
   */
  private static final class JsonLogger extends SimpleLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1L;

    private final transient LogLine line;
    private final transient LogOutput output;

    JsonLogger(String name, LogLine line, LogOutput output) {
      super(name);
      this.line = line;
      this.output = output;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String pattern,
        @Nullable Object @Nullable [] arguments,
        @Nullable Throwable thrown) {
      var markers = marker == null ? List.<Marker>of() : List.of(marker);
      write(level, markers, format(pattern, arguments), List.of(), thrown);
    }

    @Override
    public void log(LoggingEvent event) {
      if (isLevelEnabled(event.getLevel().toInt())) {
        var normalized = NormalizedParameters.normalize(event);
        var message = format(normalized.getMessage(), normalized.getArguments());
        write(
            event.getLevel(),
            orEmpty(event.getMarkers()),
            message,
            orEmpty(event.getKeyValuePairs()),
            normalized.getThrowable());
      }
    }

    private void write(
        Level level,
        List<Marker> markers,
        String message,
        List<KeyValuePair> pairs,
        @Nullable Throwable thrown) {
      output.offer(line.format(new LogEvent(level, getName(), message, markers, pairs, thrown)));
    }

    private static String format(
        @Nullable String pattern, @Nullable Object @Nullable [] arguments) {
      return String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments));
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
      return Objects.requireNonNullElse(list, List.of());
    }
  }
}
