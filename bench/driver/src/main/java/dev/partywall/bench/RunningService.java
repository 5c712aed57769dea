package dev.partywall.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A service in a separate process. Its standard output goes to a file, as with a log collector. */
final class RunningService implements AutoCloseable {
  private static final long START_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final int port;
  private final Path log;
  private final long startedAt;

  RunningService(Process process, int port, Path log, long startedAt) {
    this.process = process;
    this.port = port;
    this.log = log;
    this.startedAt = startedAt;
  }

  /**
   * Sends requests until the first 200.
   *
   * @return nanoseconds since the start of the process
   */
  long awaitFirstSuccess(byte[] request) throws IOException, InterruptedException {
    while (System.nanoTime() - startedAt < START_TIMEOUT_NANOS) {
      if (isReady(request)) {
        return System.nanoTime() - startedAt;
      }
      if (!process.isAlive()) {
        throw new IOException(
            "the service exited with code " + process.exitValue() + ":\n" + logTail());
      }
      Thread.sleep(2);
    }
    throw new IOException("no 200 within a minute:\n" + logTail());
  }

  private boolean isReady(byte[] request) throws IOException {
    try (var connection = new ClientConnection(port)) {
      return connection.send(request) == 200;
    } catch (ConnectException _) {
      return false;
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /** Sends SIGTERM, as an orchestrator does, and waits for the exit. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String logTail() throws IOException {
    var lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }
}
