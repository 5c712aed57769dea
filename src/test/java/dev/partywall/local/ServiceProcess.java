package dev.partywall.local;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service itself: the jar that ships, in a process of its own, configured as anywhere else. */
final class ServiceProcess implements AutoCloseable {
  private final Process process;
  private final URI ready;

  ServiceProcess(Path jar, Map<String, String> variables, int managementPort) throws IOException {
    this(List.of(java(), "-jar", jar.toString()), variables, managementPort);
  }

  ServiceProcess(List<String> command, Map<String, String> variables, int managementPort)
      throws IOException {
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(variables);
    process = builder.start();
    ready = URI.create("http://127.0.0.1:" + managementPort + "/health/ready");
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Waits until it says that it is ready; false when it ended instead. */
  boolean awaitReady() throws InterruptedException {
    while (!isReady()) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  /** Waits until it ends. */
  int await() throws InterruptedException {
    return process.waitFor();
  }

  private boolean isReady() {
    try {
      var connection = (HttpURLConnection) ready.toURL().openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(1_000);
      return connection.getResponseCode() == 200;
    } catch (IOException _) {
      return false; // not there yet
    }
  }

  /** Asks it to drain, and waits until it has. */
  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
