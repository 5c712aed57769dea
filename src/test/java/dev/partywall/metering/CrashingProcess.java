package dev.partywall.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.ChildProcess;
import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.log.SuiteLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A {@link CrashingService} in its own process, with its output. */
final class CrashingProcess {
  /** The exit status of a killed process: 128 plus SIGKILL. */
  private static final int KILLED = 137;

  private final Process process;
  private final Path errors;
  private final List<String> lines = new ArrayList<>();

  /**
   * The moment of the kill: after the given number of lines with the prefix. With 0 lines the
   * process has hardly started.
   */
  record KillPoint(String prefix, int lines) {
    private static final int MAX_STARTUP_LINES = 12;
    private static final int MAX_LEDGER_LINES = 60;
    private static final int MAX_LINES = 300;

    /** Returns a random moment: at startup, during a call to the ledger, or at any time. */
    static KillPoint random(Random random) {
      return switch (random.nextInt(4)) {
        case 0 -> new KillPoint("", random.nextInt(MAX_STARTUP_LINES));
        case 1 -> new KillPoint("ledger", random.nextInt(MAX_LEDGER_LINES));
        default -> new KillPoint("", random.nextInt(MAX_LINES));
      };
    }
  }

  private CrashingProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /** Starts a process. */
  static CrashingProcess start(
      LocalDynamo dynamo, String prefix, Path folder, String ownTenant, FastClock clock)
      throws IOException {
    var errors = folder.resolveSibling(ownTenant + ".errors");
    var command =
        ChildProcess.command(
            CrashingService.class,
            List.of(
                "-Dslf4j.provider=dev.partywall.observability.log.JsonLogProvider",
                "-Dslf4j.internal.verbosity=WARN",
                "-Dflush=" + CrashTest.FLUSH_MILLIS),
            dynamo.endpoint().toString(),
            prefix,
            folder.toString(),
            ownTenant,
            clock.start().toString(),
            Integer.toString(clock.times()));
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    var process = builder.start();
    return new CrashingProcess(process, errors);
  }

  /** Kills the process at the moment and reads the output before the kill. */
  void killAt(KillPoint moment) throws IOException, InterruptedException {
    try (var reader = process.inputReader()) {
      readLines(reader, moment);
      // Not process.destroyForcibly(): that discards unread output.
      process.toHandle().destroyForcibly();
      readLines(reader, new KillPoint("", Integer.MAX_VALUE));
    } finally {
      process.destroyForcibly();
    }
    assertEquals(KILLED, process.waitFor(), () -> errors());
    assertEquals("", errors());
    // The kill may have cut the last line.
    lines.stream()
        .limit(Math.max(0, lines.size() - 1L))
        .filter(CrashingProcess::isLogLine)
        .forEach(SuiteLog::check);
  }

  private static boolean isLogLine(String line) {
    return !line.endsWith(ActionRecorder.END);
  }

  RecordedActions recordedActions() {
    return new RecordedActions(lines);
  }

  /** Returns the last line before the kill. */
  String lastLine() {
    return lines.isEmpty() ? "nothing" : lines.getLast();
  }

  private void readLines(BufferedReader reader, KillPoint until) throws IOException {
    for (var remaining = until.lines(); remaining > 0; ) {
      var line = reader.readLine();
      if (line == null) {
        return;
      }
      lines.add(line);
      if (line.startsWith(until.prefix())) {
        remaining--;
      }
    }
  }

  private String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
