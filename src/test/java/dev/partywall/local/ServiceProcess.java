package dev.partywall.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A service in a separate process, which ends with this JVM. */
public final class ServiceProcess implements AutoCloseable {
  private final Process process;
  private final ReadinessCheck readiness;

  /**
   * Starts a process.
   *
   * @param builder with the command and the environment variables
   */
  public ServiceProcess(ProcessBuilder builder, int managementPort) throws IOException {
    process = start(builder);
    readiness = ReadinessCheck.at(managementPort);
  }

  private static Process start(ProcessBuilder builder) throws IOException {
    var started = new CompletableFuture<Optional<Process>>();
    // Added before the start: a shutdown then either prevents the start or stops the process.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> started.join().ifPresent(ServiceProcess::stop)));
    try {
      var process = builder.start();
      started.complete(Optional.of(process));
      return process;
    } finally {
      started.complete(Optional.empty()); // without effect after a successful start
    }
  }

  /** Returns the path of the {@code java} that runs this JVM. */
  public static String javaExecutable() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Waits until the service is ready. Returns false if the process ended instead. */
  public boolean awaitReady() throws InterruptedException {
    while (!readiness.isReady()) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  /** Waits until the process ends and returns its exit status. */
  public int awaitExit() throws InterruptedException {
    return process.waitFor();
  }

  /** Returns whether the process has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends SIGTERM and waits until the service has drained and ended. */
  @Override
  public void close() {
    stop(process);
  }

  private static void stop(Process process) {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
