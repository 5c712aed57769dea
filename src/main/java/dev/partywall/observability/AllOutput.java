package dev.partywall.observability;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Sends everything that this process writes through the one form of a line: {@code
 * java.util.logging}, standard output, standard error, and exceptions that nobody caught.
 */
public final class AllOutput implements AutoCloseable {
  // Its DEBUG level prints raw request lines, and with them whatever callers put there.
  private static final String JDK_SERVER = "com.sun.net.httpserver";

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  // java.util.logging forgets the level of a logger that nobody holds.
  private final List<Logger> held;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final @Nullable UncaughtExceptionHandler uncaught =
      Thread.getDefaultUncaughtExceptionHandler();

  private final JsonLoggerFactory loggers;

  private AllOutput(JsonLoggerFactory loggers, List<Logger> held) {
    this.loggers = loggers;
    this.held = held;
  }

  /**
   * Takes all of it over, until the result is closed; so it must be kept. Lines go to the process's
   * standard output, and not by way of {@link System#out}, which swallows what goes wrong.
   *
   * @throws IllegalStateException when lines would not be ours
   */
  public static AllOutput takeOver() {
    return takeOver(new FileOutputStream(FileDescriptor.out));
  }

  /**
   * The same, where lines go somewhere else.
   *
   * @throws IllegalStateException when lines would not be ours
   */
  static AllOutput takeOver(OutputStream out) {
    var loggers = JsonLoggerFactory.installed();
    loggers.output().to(LineChannel.of(out));
    var taken = new AllOutput(loggers, bridge(loggers));
    System.setOut(LineStream.to(LoggerFactory.getLogger("stdout")::info));
    System.setErr(LineStream.to(LoggerFactory.getLogger("stderr")::warn));
    Thread.setDefaultUncaughtExceptionHandler(uncaught(LoggerFactory.getLogger("uncaught")));
    return taken;
  }

  /** Waits a little until all lines are out, and gives the streams back. */
  @Override
  public void close() {
    try {
      loggers.flush(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.setOut(out);
    System.setErr(err);
    Thread.setDefaultUncaughtExceptionHandler(uncaught);
    held.forEach(logger -> logger.setLevel(null));
  }

  /** Tells the logger about exceptions that nobody caught. */
  static UncaughtExceptionHandler uncaught(org.slf4j.Logger log) {
    return (thread, e) -> log.error("thread {} ended", thread.getName(), e);
  }

  private static List<Logger> bridge(JsonLoggerFactory loggers) {
    LogManager.getLogManager().reset();
    var root = Logger.getLogger("");
    root.addHandler(new JulBridge(loggers));
    root.setLevel(rootLevel(loggers.getLogger("")));
    var server = Logger.getLogger(JDK_SERVER);
    server.setLevel(Level.INFO);
    return List.of(server);
  }

  // slf4j decides by logger; this only keeps what nobody wants from being made.
  private static Level rootLevel(org.slf4j.Logger root) {
    return root.isTraceEnabled() ? Level.ALL : root.isDebugEnabled() ? Level.FINE : Level.INFO;
  }
}
