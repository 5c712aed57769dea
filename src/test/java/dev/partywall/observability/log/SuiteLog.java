package dev.partywall.observability.log;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Redirects all output of this JVM before the first test, as the service does at startup, and
 * validates every line, including those of libraries. The lines are written to {@link #FILE}:
 * Surefire would pass them to Maven, which takes processor time from the tests.
 */
public final class SuiteLog implements LauncherSessionListener {
  private static final Path FILE = Path.of("target", "test-log.jsonl");

  // Kept, because a level of java.util.logging is lost with the last reference to its logger.
  private static final AtomicReference<ProcessOutput> OUTPUT = new AtomicReference<>();
  private static final AtomicLong LINES = new AtomicLong();
  private static final List<String> FAULTS = new ArrayList<>();
  private static final List<Consumer<String>> LISTENERS = new CopyOnWriteArrayList<>();
  private static final int MAX_ERRORS = 1_000;
  private static final int MAX_FAULTS = 20;
  private static final Deque<String> ERRORS = new ArrayDeque<>();

  /** Without effect in a JVM that only lists the tests and has another logger, as Maven's has. */
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (JsonLogProvider.class.getName().equals(System.getProperty("slf4j.provider"))) {
      capture(open());
    }
  }

  /** Redirects all output to standard output; for use outside tests. */
  public static void capture() {
    capture(System.out);
  }

  private static void capture(OutputStream out) {
    OUTPUT.set(ProcessOutput.capture(new CheckedOutput(out)));
  }

  private static OutputStream open() {
    try {
      Files.createDirectories(FILE.getParent());
      return new FileOutputStream(FILE.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Passes every line to {@code listener}.
   *
   * @return removes the listener
   */
  public static Runnable addListener(Consumer<String> listener) {
    LISTENERS.add(listener);
    return () -> LISTENERS.remove(listener);
  }

  /** Returns the number of lines so far. */
  public static long lineCount() {
    return LINES.get();
  }

  /** Returns descriptions of the first invalid lines. */
  public static List<String> faults() {
    synchronized (FAULTS) {
      return List.copyOf(FAULTS);
    }
  }

  /** Returns the same as {@link #faults}, and forgets them. */
  static List<String> takeFaults() {
    synchronized (FAULTS) {
      var faults = List.copyOf(FAULTS);
      FAULTS.clear();
      return faults;
    }
  }

  /** Returns the latest ERROR lines, including every line logged before this call. */
  public static List<String> errorLines() throws InterruptedException {
    if (!JsonLogProvider.installedFactory().flush(Duration.ofSeconds(30))) {
      throw new AssertionError("the log was not flushed in time");
    }
    synchronized (ERRORS) {
      return List.copyOf(ERRORS);
    }
  }

  private static void keepError(String line) {
    synchronized (ERRORS) {
      if (ERRORS.size() == MAX_ERRORS) {
        ERRORS.remove();
      }
      ERRORS.add(line);
    }
  }

  private static void process(String line) {
    LINES.incrementAndGet();
    LISTENERS.forEach(listener -> listener.accept(line));
    if (line.contains("\"level\":\"ERROR\"")) {
      keepError(line);
    }
    check(line);
  }

  /** Validates a line, for example one that a service in a separate process has written. */
  public static void check(String line) {
    try {
      LogLineParser.parse(line);
    } catch (AssertionError | RuntimeException e) {
      synchronized (FAULTS) {
        if (FAULTS.size() < MAX_FAULTS) {
          FAULTS.add(e.toString());
        }
      }
    }
  }

  /** Forwards all output and processes each line. */
  private static final class CheckedOutput extends OutputStream {
    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    CheckedOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b});
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      var start = offset;
      for (var i = offset; i < offset + length; i++) {
        if (bytes[i] == '\n') {
          line.write(bytes, start, i - start);
          process(line.toString(StandardCharsets.UTF_8));
          line.reset();
          start = i + 1;
        }
      }
      line.write(bytes, start, offset + length - start);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
