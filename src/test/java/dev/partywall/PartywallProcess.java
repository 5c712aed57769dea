package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.observability.log.SuiteLog;
import dev.partywall.operations.Health;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The service or a command in a separate process, started like the command line of the jar. {@link
 * SuiteLog} checks the format of every log line of a service, and a service must not write to
 * standard error.
 */
public final class PartywallProcess implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("\"message\":\"Listening\".*\"port\":(\\d+).*\"managementPort\":(\\d+)");

  /** Longer than any start or stop, and shorter than a test timeout, to fail with a clear cause. */
  private static final int TIMEOUT_SECONDS = 90;

  private final Process process;
  private final boolean serves;
  private final Queue<String> out = new ConcurrentLinkedQueue<>();
  private final Queue<String> err = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<MatchResult> listening =
      new CompletableFuture<MatchResult>().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  private final List<CompletableFuture<Void>> readers;
  private @Nullable String lastLine;
  private volatile boolean killed;

  /** Starts the process with the given configuration, without that of the test environment. */
  public PartywallProcess(Map<String, String> environment, String... arguments) throws IOException {
    this(Main.class, environment, arguments);
  }

  /** Starts a process with another main class. */
  public PartywallProcess(Class<?> main, Map<String, String> environment, String... arguments)
      throws IOException {
    this(main, List.of(), environment, arguments);
  }

  /** Starts a process with another main class and additional options of the JVM. */
  public PartywallProcess(
      Class<?> main, List<String> options, Map<String, String> environment, String... arguments)
      throws IOException {
    var builder = new ProcessBuilder(ChildProcess.command(main, options, arguments));
    serves = arguments.length == 0;
    builder
        .environment()
        .keySet()
        .removeIf(variable -> variable.startsWith("PARTYWALL_") || variable.startsWith("AWS_"));
    // The JVM reports the use of these variables on standard error.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().putAll(environment);
    process = builder.start();
    readers =
        List.of(
            reader(process.inputReader(), this::receive, this::checkWholeLine),
            reader(process.errorReader(), err::add, () -> {}));
  }

  private CompletableFuture<Void> reader(BufferedReader from, Consumer<String> to, Runnable atEnd) {
    return CompletableFuture.runAsync(
        () -> {
          from.lines().forEach(to);
          atEnd.run();
          listening.completeExceptionally(new AssertionError("the process ended: " + err));
        },
        Thread::startVirtualThread);
  }

  private void receive(String line) {
    out.add(line);
    checkLastLine();
    lastLine = line;
    LISTENING.matcher(line).results().findFirst().ifPresent(listening::complete);
  }

  private void checkLastLine() {
    var line = lastLine;
    if (serves && line != null) {
      SuiteLog.check(line);
    }
  }

  /** A kill may have cut the last line. */
  private void checkWholeLine() {
    if (!killed) {
      checkLastLine();
    }
  }

  /** Sends SIGKILL and waits for the end of the process. */
  public void kill() {
    killed = true;
    process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the streams
    process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    readers.forEach(CompletableFuture::join);
    process.destroyForcibly();
  }

  /** Waits until the service listens, and returns its port. */
  public int port() {
    return Integer.parseInt(listening.join().group(1));
  }

  /** Waits until the service listens, and returns its management port. */
  public int managementPort() {
    return Integer.parseInt(listening.join().group(2));
  }

  /** Waits until the service is ready. */
  public PartywallProcess awaitReady() throws InterruptedException {
    while (Health.check("127.0.0.1", managementPort()) != 0) {
      Thread.sleep(50);
    }
    return this;
  }

  /** Returns the id of the process. */
  public long pid() {
    return process.pid();
  }

  /** Waits for the end of a service that may write to standard error, and returns its status. */
  public int awaitAbnormalExit() {
    killed = true; // the last line may be incomplete
    process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    readers.forEach(CompletableFuture::join);
    return process.exitValue();
  }

  /** Waits for the end of the process, and returns its exit status. */
  public int awaitExit() {
    process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    readers.forEach(CompletableFuture::join);
    if (serves && !listening.isCompletedExceptionally()) {
      assertEquals(List.of(), err());
    }
    return process.exitValue();
  }

  /** Returns the lines of standard output so far. */
  public List<String> out() {
    return List.copyOf(out);
  }

  /** Returns the lines of standard error so far. */
  public List<String> err() {
    return List.copyOf(err);
  }

  /** Sends SIGTERM and waits for the end of the process. */
  @Override
  public void close() {
    process.toHandle().destroy(); // Process.destroy would close the streams before the end
    try {
      awaitExit();
    } finally {
      process.destroyForcibly();
    }
  }
}
