package dev.partywall.bench;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The child processes of this process: the stub, the services and JDK tools. */
final class ChildProcesses {
  /** Exceeds the shutdown time of a service with requests in flight. */
  private static final long STOP_TIMEOUT_SECONDS = 40;

  /** The exit code that a shell reports for SIGTERM. */
  private static final int SIGTERM_EXIT_CODE = 143;

  private ChildProcesses() {}

  /**
   * Stops all children when this process exits or receives SIGTERM, and stops this process when
   * Maven exits. Maven does not signal its child processes.
   */
  static void stopTogether() {
    Runtime.getRuntime().addShutdownHook(new Thread(ChildProcesses::stopAll, "children"));
    // On a separate thread: exiting on a pool thread would block the futures of the children.
    ProcessHandle.current()
        .parent()
        .ifPresent(parent ->
            parent
                .onExit()
                .thenRunAsync(() -> System.exit(SIGTERM_EXIT_CODE), Thread.ofPlatform()::start));
  }

  /** Repeats until no child is left, because other threads can still start processes. */
  private static void stopAll() {
    for (var children = all(); !children.isEmpty(); children = all()) {
      children.forEach(ProcessHandle::destroy);
      allOf(children).completeOnTimeout(null, STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
      children.forEach(ProcessHandle::destroyForcibly);
      allOf(children).join();
    }
  }

  private static List<ProcessHandle> all() {
    return ProcessHandle.current().children().toList();
  }

  private static CompletableFuture<Void> allOf(List<ProcessHandle> processes) {
    return CompletableFuture.allOf(
        processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
  }
}
