package dev.partywall.bench;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The processes that this one has started: stub, services, and tools of the JDK's. */
final class ChildProcesses {
  /** More than a service takes that still has requests in hand. */
  private static final long PATIENCE_SECONDS = 40;

  /** As a shell tells of SIGTERM. */
  private static final int TERMINATED = 143;

  private ChildProcesses() {}

  /**
   * Lets none outlive this process, whether it comes to its end or is told to end; and this process
   * not Maven, which does not tell it.
   */
  static void endWithUs() {
    Runtime.getRuntime().addShutdownHook(new Thread(ChildProcesses::end, "children"));
    // On a thread of its own: the pool's would be missed by who waits for the children's ends.
    ProcessHandle.current()
        .parent()
        .ifPresent(maven ->
            maven.onExit().thenRunAsync(() -> System.exit(TERMINATED), Thread.ofPlatform()::start));
  }

  /** Again until there are none: whoever was about to start one is still running. */
  private static void end() {
    for (var left = all(); !left.isEmpty(); left = all()) {
      left.forEach(ProcessHandle::destroy);
      ended(left).completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
      left.forEach(ProcessHandle::destroyForcibly);
      ended(left).join();
    }
  }

  private static List<ProcessHandle> all() {
    return ProcessHandle.current().children().toList();
  }

  private static CompletableFuture<Void> ended(List<ProcessHandle> processes) {
    return CompletableFuture.allOf(
        processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
  }
}
