package dev.partywall.observability.log;

import dev.partywall.concurrent.OutOfMemory;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Redirects all output of this process to JSON log lines: {@code java.util.logging}, standard
 * output, standard error, and uncaught exceptions.
 */
public final class ProcessOutput implements AutoCloseable {
  // At DEBUG it logs raw request lines, including any secrets that clients put into them.
  private static final String JDK_SERVER = "com.sun.net.httpserver";

  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

  // java.util.logging references loggers weakly: an unreferenced logger loses its level.
  private final List<Logger> configuredLoggers;
  private final PrintStream originalOut = System.out;
  private final PrintStream originalErr = System.err;
  private final @Nullable UncaughtExceptionHandler originalHandler =
      Thread.getDefaultUncaughtExceptionHandler();

  private final JsonLoggerFactory loggers;

  private ProcessOutput(JsonLoggerFactory loggers, List<Logger> configuredLoggers) {
    this.loggers = loggers;
    this.configuredLoggers = configuredLoggers;
  }

  /**
   * Redirects all output until the result is closed. The caller must keep the result. Lines are
   * written to the standard output's file descriptor, because {@link System#out} swallows I/O
   * errors.
   *
   * @throws IllegalStateException if slf4j uses another provider
   */
  public static ProcessOutput capture() {
    return capture(new FileOutputStream(FileDescriptor.out));
  }

  /**
   * Redirects all output to {@code out}.
   *
   * @throws IllegalStateException if slf4j uses another provider
   */
  static ProcessOutput capture(OutputStream out) {
    var loggers = JsonLogProvider.installedFactory();
    loggers.output().redirectTo(LineWriter.LineChannel.channelFor(out));
    var redirected = new ProcessOutput(loggers, bridge(loggers.getLogger("")));
    System.setOut(LogPrintStream.create(LoggerFactory.getLogger("stdout")::info));
    System.setErr(LogPrintStream.create(LoggerFactory.getLogger("stderr")::warn));
    Thread.setDefaultUncaughtExceptionHandler(
        uncaughtExceptionHandler(LoggerFactory.getLogger("uncaught")));
    return redirected;
  }

  /** Flushes the log for at most 2 s and restores the original streams and handler. */
  @Override
  public void close() {
    try {
      loggers.flush(FLUSH_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.setOut(originalOut);
    System.setErr(originalErr);
    Thread.setDefaultUncaughtExceptionHandler(originalHandler);
    configuredLoggers.forEach(logger -> logger.setLevel(null));
  }

  /**
   * Returns a handler that logs uncaught exceptions, and ends the process if memory is exhausted.
   */
  static UncaughtExceptionHandler uncaughtExceptionHandler(org.slf4j.Logger log) {
    return (thread, e) -> {
      OutOfMemory.exitIfCauseOf(e);
      log.error("Uncaught exception in thread {}", thread.getName(), e);
    };
  }

  private static List<Logger> bridge(org.slf4j.Logger rootLogger) {
    // Removes the JDK's handler, whose lines on standard error would become a second log line.
    LogManager.getLogManager().reset();
    SLF4JBridgeHandler.install();
    Logger.getLogger("").setLevel(rootLevel(rootLogger));
    var server = Logger.getLogger(JDK_SERVER);
    server.setLevel(Level.INFO);
    return List.of(server);
  }

  // slf4j filters by logger. This level only avoids creating records that slf4j would discard.
  private static Level rootLevel(org.slf4j.Logger root) {
    return root.isTraceEnabled() ? Level.ALL : root.isDebugEnabled() ? Level.FINE : Level.INFO;
  }

  /** A stream that logs each line written to it. Splits lines longer than 8,192 bytes. */
  static final class LogPrintStream extends OutputStream {
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
}
