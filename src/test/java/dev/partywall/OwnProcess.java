package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.observability.WholeLog;
import dev.partywall.operations.HealthProbe;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The service in a process of its own, as the jar's command line starts it. While it serves, every
 * line that it writes is held to the log's form ({@link WholeLog}), and it has nothing to say on
 * standard error.
 */
public final class OwnProcess implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("\"message\":\"listening\".*\"port\":(\\d+).*\"managementPort\":(\\d+)");

  /** More than any start or end takes, and less than a test may: a failure, not a stuck build. */
  private static final int PATIENCE_SECONDS = 90;

  private final Process process;
  private final boolean serves;
  private final Queue<String> out = new ConcurrentLinkedQueue<>();
  private final Queue<String> err = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<MatchResult> listening =
      new CompletableFuture<MatchResult>().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  private final List<CompletableFuture<Void>> readers;

  /** Starts it, with that environment and nothing of ours that would configure it. */
  public OwnProcess(Map<String, String> environment, String... arguments) throws IOException {
    var builder = new ProcessBuilder(command(arguments));
    serves = arguments.length == 0;
    builder
        .environment()
        .keySet()
        .removeIf(it -> it.startsWith("PARTYWALL_") || it.startsWith("AWS_"));
    // The JVM says on standard error that it took them.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().putAll(environment);
    process = builder.start();
    readers =
        List.of(reader(process.inputReader(), this::hear), reader(process.errorReader(), err::add));
  }

  private static List<String> command(String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dslf4j.provider=dev.partywall.observability.JsonLogProvider");
    command.add("-Dslf4j.internal.verbosity=WARN");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private CompletableFuture<Void> reader(BufferedReader from, Consumer<String> to) {
    return CompletableFuture.runAsync(
        () -> {
          from.lines().forEach(to);
          listening.completeExceptionally(new AssertionError("it ended: " + err));
        },
        Thread::startVirtualThread);
  }

  private void hear(String line) {
    out.add(line);
    if (serves) {
      WholeLog.hold(line);
    }
    LISTENING.matcher(line).results().findFirst().ifPresent(listening::complete);
  }

  /** Where it serves, once it does. */
  public int port() {
    return Integer.parseInt(listening.join().group(1));
  }

  int managementPort() {
    return Integer.parseInt(listening.join().group(2));
  }

  /** Waits until it says that it is ready. */
  public OwnProcess awaitReady() throws InterruptedException {
    while (HealthProbe.ask("127.0.0.1", managementPort()) != 0) {
      Thread.sleep(50);
    }
    return this;
  }

  /** Its exit status, when it ends by itself. */
  public int awaitEnd() {
    process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    readers.forEach(CompletableFuture::join);
    if (serves && !listening.isCompletedExceptionally()) {
      assertEquals(List.of(), err());
    }
    return process.exitValue();
  }

  /** All lines of standard output so far; all that there will be, after its end. */
  List<String> out() {
    return List.copyOf(out);
  }

  /** All lines of standard error so far. */
  List<String> err() {
    return List.copyOf(err);
  }

  /** Tells it to end, and waits until it has. */
  @Override
  public void close() {
    process.toHandle().destroy(); // the process itself would close the streams before the end
    try {
      awaitEnd();
    } finally {
      process.destroyForcibly();
    }
  }
}
