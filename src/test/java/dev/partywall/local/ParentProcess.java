package dev.partywall.local;

import java.time.Duration;
import java.util.List;

/**
 * The process that started this JVM: Maven. A SIGTERM to Maven does not reach the programs that it
 * has started, and a SIGKILL cannot be passed on. Therefore this JVM observes its parent and ends
 * after it.
 */
public final class ParentProcess {
  /** Short enough for a restart right after the stop to find the ports free. */
  private static final Duration INTERVAL = Duration.ofMillis(200);

  /** The argument of a program that ends with its parent. */
  static final String ARGUMENT = "stop-with-parent";

  private ParentProcess() {}

  /**
   * Ends this JVM, with its shutdown hooks, when the parent has ended.
   *
   * @param args the arguments of the program; without {@code stop-with-parent}, nothing is done
   */
  public static void exitAfterIt(String... args) {
    if (!List.of(args).contains(ARGUMENT)) {
      return;
    }
    var parent = ProcessHandle.current().parent();
    if (parent.isEmpty() || !isJvm(parent.get())) {
      System.exit(1); // The parent ended before this call, and the system assigned another one.
    }
    Thread.ofPlatform().daemon().name("parent process").start(() -> awaitEnd(parent.get()));
  }

  private static boolean isJvm(ProcessHandle process) {
    return process
        .info()
        .command()
        .map(path -> path.matches(".*[/\\\\]javaw?(\\.exe)?"))
        .orElse(true);
  }

  // Polls, because ProcessHandle.onExit notices the end of a parent only after up to 5 s.
  private static void awaitEnd(ProcessHandle parent) {
    try {
      while (parent.isAlive()) {
        Thread.sleep(INTERVAL);
      }
      System.exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
