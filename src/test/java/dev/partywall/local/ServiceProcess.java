package dev.partywall.local;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The released jar in a separate process, which ends with this JVM. */
final class ServiceProcess implements AutoCloseable {
  private final Process process;
  private final URI ready;

  ServiceProcess(Path jar, Map<String, String> variables, int managementPort) throws IOException {
    this(List.of(javaExecutable(), "-jar", jar.toString()), variables, managementPort);
  }

  ServiceProcess(List<String> command, Map<String, String> variables, int managementPort)
      throws IOException {
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(variables);
    process = start(builder);
    ready = URI.create("http://127.0.0.1:" + managementPort + "/health/ready");
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

  static String javaExecutable() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Waits until the service is ready. Returns false if the process ended instead. */
  boolean awaitReady() throws InterruptedException {
    while (!isReady()) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  /** Waits until the process ends and returns its exit status. */
  int awaitExit() throws InterruptedException {
    return process.waitFor();
  }

  private boolean isReady() {
    try {
      var connection = (HttpURLConnection) ready.toURL().openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(1_000);
      return connection.getResponseCode() == 200;
    } catch (IOException _) {
      return false; // not started yet
    }
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
