package dev.partywall.concurrent;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process after an {@link OutOfMemoryError}. Threads, caches and connections may be in any
 * state after such an error: for example, the thread that accepts connections may have ended. An
 * orchestrator replaces a process that has ended, but not one that only partly works.
 *
 * <p>Every handler of arbitrary exceptions must call {@link #exitIfCauseOf}, because a JVM option
 * such as {@code -XX:+ExitOnOutOfMemoryError} is not set in every installation.
 */
public final class OutOfMemory {
  /** The exit status of the process. The JVM's own option ends with the same status. */
  private static final int EXIT_STATUS = 3;

  /** A chain of causes may contain itself. */
  private static final int MAX_CAUSES = 32;

  // Created in advance, because no memory may be left later.
  private static final FileOutputStream STANDARD_ERROR = new FileOutputStream(FileDescriptor.err);
  private static final byte[] START = ascii("Out of memory: ");
  private static final byte[] END = ascii(". The process ends with status 3.\n");
  private static final CountDownLatch EXITING = new CountDownLatch(1);

  /** The time for the line on standard error, in seconds. */
  private static final int WRITE_SECONDS = 1;

  static {
    // A pipe that is full and that no process reads blocks the write for ever.
    Thread.ofPlatform().daemon().name("out-of-memory").start(OutOfMemory::haltAfterTimeout);
  }

  private OutOfMemory() {}

  /**
   * Ends the process without shutdown hooks, and writes one line to standard error, if {@code
   * failure} or one of its causes is an {@link OutOfMemoryError}. Otherwise has no effect. The
   * process ends after one second even if the line cannot be written.
   */
  public static void exitIfCauseOf(Throwable failure) {
    var cause = failure;
    for (var i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (cause instanceof OutOfMemoryError error) {
        exit(error);
      }
      cause = cause.getCause();
    }
  }

  private static void exit(OutOfMemoryError error) {
    EXITING.countDown();
    try {
      STANDARD_ERROR.write(START);
      write(error.getMessage());
      STANDARD_ERROR.write(END);
    } catch (IOException _) {
      // The exit status reports the cause as well.
    } finally {
      Runtime.getRuntime().halt(EXIT_STATUS);
    }
  }

  private static void haltAfterTimeout() {
    try {
      EXITING.await();
      TimeUnit.SECONDS.sleep(WRITE_SECONDS);
    } catch (InterruptedException _) {
      return; // no other thread has a reference to this one
    }
    Runtime.getRuntime().halt(EXIT_STATUS);
  }

  /** Writes single characters, because encoding a text allocates memory. */
  private static void write(@Nullable String text) throws IOException {
    for (var i = 0; text != null && i < text.length(); i++) {
      STANDARD_ERROR.write(text.charAt(i));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
