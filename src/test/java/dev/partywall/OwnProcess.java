package dev.partywall;

import dev.partywall.operations.HealthProbe;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The service in a process of its own, as the jar's command line starts it. */
final class OwnProcess implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("\"message\":\"listening\".*\"port\":(\\d+).*\"managementPort\":(\\d+)");

  private final Process process;
  private final Queue<String> out = new ConcurrentLinkedQueue<>();
  private final Queue<String> err = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<MatchResult> listening = new CompletableFuture<>();
  private final List<CompletableFuture<Void>> readers;

  OwnProcess(Map<String, String> environment) throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dslf4j.provider=dev.partywall.observability.JsonLogProvider",
            "-Dslf4j.internal.verbosity=WARN",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName());
    builder
        .environment()
        .keySet()
        .removeIf(it -> it.startsWith("PARTYWALL_") || it.startsWith("AWS_"));
    builder.environment().putAll(environment);
    process = builder.start();
    readers = List.of(reader(process.inputReader(), out), reader(process.errorReader(), err));
  }

  private CompletableFuture<Void> reader(BufferedReader from, Queue<String> to) {
    return CompletableFuture.runAsync(
        () -> {
          from.lines()
              .forEach(line -> {
                to.add(line);
                LISTENING.matcher(line).results().findFirst().ifPresent(listening::complete);
              });
          listening.completeExceptionally(new AssertionError("it ended: " + err));
        },
        Thread::startVirtualThread);
  }

  int port() {
    return Integer.parseInt(listening.join().group(1));
  }

  int managementPort() {
    return Integer.parseInt(listening.join().group(2));
  }

  OwnProcess awaitReady() throws InterruptedException {
    while (HealthProbe.ask("127.0.0.1", managementPort()) != 0) {
      Thread.sleep(50);
    }
    return this;
  }

  /** Its exit status, when it ends by itself. */
  int awaitEnd() {
    readers.forEach(CompletableFuture::join);
    return process.onExit().join().exitValue();
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
    awaitEnd();
  }
}
