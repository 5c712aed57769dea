package dev.partywall.observability;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Takes over all output of this JVM before the first test, as the service does when it starts, and
 * holds every line to its form: libraries' lines included.
 */
public final class WholeLog implements LauncherSessionListener {
  private static final AtomicLong LINES = new AtomicLong();
  private static final List<String> FAULTS = new ArrayList<>();
  private static final List<Consumer<String>> READERS = new CopyOnWriteArrayList<>();
  private static final int MOST_ERRORS = 1_000;
  private static final Deque<String> ERRORS = new ArrayDeque<>();

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    takeOver();
  }

  /** Takes it over outside of tests, too. */
  public static void takeOver() {
    AllOutput.takeOver(new Checked(System.out));
  }

  /** Hands every line on to that reader too, until the result is run. */
  public static Runnable tell(Consumer<String> reader) {
    READERS.add(reader);
    return () -> READERS.remove(reader);
  }

  /** How many lines have come out so far. */
  public static long lines() {
    return LINES.get();
  }

  /** The first lines that are not of the form, in words. */
  public static List<String> faults() {
    synchronized (FAULTS) {
      return List.copyOf(FAULTS);
    }
  }

  /** The latest lines of level ERROR: all of them that have been logged before this is called. */
  public static List<String> errors() throws InterruptedException {
    if (!JsonLoggerFactory.installed().flush(Duration.ofSeconds(30))) {
      throw new AssertionError("the log does not come out");
    }
    synchronized (ERRORS) {
      return List.copyOf(ERRORS);
    }
  }

  private static void keep(String line) {
    synchronized (ERRORS) {
      if (ERRORS.size() == MOST_ERRORS) {
        ERRORS.remove();
      }
      ERRORS.add(line);
    }
  }

  private static void check(String line) {
    LINES.incrementAndGet();
    READERS.forEach(reader -> reader.accept(line));
    if (line.contains("\"level\":\"ERROR\"")) {
      keep(line);
    }
    hold(line);
  }

  /** Holds a line to its form, which a service has written in a process of its own. */
  public static void hold(String line) {
    try {
      JsonLines.parse(line);
    } catch (AssertionError | RuntimeException e) {
      synchronized (FAULTS) {
        if (FAULTS.size() < 20) {
          FAULTS.add(e.toString());
        }
      }
    }
  }

  /** Hands everything on, and looks at each line. */
  private static final class Checked extends OutputStream {
    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Checked(OutputStream out) {
      this.out = out;
    }

    @Override
    public synchronized void write(int b) throws java.io.IOException {
      out.write(b);
      if (b == '\n') {
        check(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(b);
      }
    }

    @Override
    public void flush() throws java.io.IOException {
      out.flush();
    }
  }
}
