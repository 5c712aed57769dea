package dev.partywall.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A service in a process of its own. Its standard output goes to a file, as to a log collector. */
final class RunningService implements AutoCloseable {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

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
   * Asks until the first 200.
   *
   * @return nanoseconds since the process was started
   */
  long awaitFirst(byte[] request) throws IOException, InterruptedException {
    while (System.nanoTime() - startedAt < PATIENCE) {
      if (answers(request)) {
        return System.nanoTime() - startedAt;
      }
      if (!process.isAlive()) {
        throw new IOException("it ended with " + process.exitValue() + ":\n" + lastWords());
      }
      Thread.sleep(2);
    }
    throw new IOException("no 200 within a minute:\n" + lastWords());
  }

  private boolean answers(byte[] request) throws IOException {
    try (var connection = new ClientConnection(port)) {
      return connection.ask(request) == 200;
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

  /** Asks it to end, as an orchestrator would, and waits until it has. */
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

  private String lastWords() throws IOException {
    var lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }
}
