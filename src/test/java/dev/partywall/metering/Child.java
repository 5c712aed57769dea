package dev.partywall.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.WholeLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A {@link CrashingService} in its own process, and what it has said. */
final class Child {
  /** What a process ends with when it was killed: 128 and SIGKILL. */
  private static final int KILLED = 137;

  private final Process process;
  private final Path errors;
  private final List<String> said = new ArrayList<>();

  /**
   * When it is killed: once it has said so many lines that start like that. With none at all it has
   * hardly begun.
   */
  record Moment(String start, int lines) {
    private static final int AT_THE_START = 12;
    private static final int WITH_THE_LEDGER = 60;
    private static final int IN_ALL = 300;

    /** At the start, on the way to the ledger or in the middle of anything. */
    static Moment draw(Random random) {
      return switch (random.nextInt(4)) {
        case 0 -> new Moment("", random.nextInt(AT_THE_START));
        case 1 -> new Moment("ledger", random.nextInt(WITH_THE_LEDGER));
        default -> new Moment("", random.nextInt(IN_ALL));
      };
    }
  }

  private Child(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /** Starts one. The compiler that makes code fast is left out: no process lives long enough. */
  static Child start(LocalDynamo dynamo, String prefix, Path folder, String own, FastClock clock)
      throws IOException {
    var errors = folder.resolveSibling(own + ".errors");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Dslf4j.provider=dev.partywall.observability.JsonLogProvider",
            "-Dslf4j.internal.verbosity=WARN",
            "-Dflush=" + CrashTest.FLUSH_MILLIS,
            "-cp",
            System.getProperty("java.class.path"),
            CrashingService.class.getName(),
            dynamo.endpoint().toString(),
            prefix,
            folder.toString(),
            own,
            clock.start().toString(),
            Integer.toString(clock.times()));
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    var process = builder.start();
    return new Child(process, errors);
  }

  /** Lets it live until then, kills it, and hears out what it had said before that. */
  void killAt(Moment moment) throws IOException, InterruptedException {
    try (var reader = process.inputReader()) {
      hear(reader, moment);
      // Not process.destroyForcibly(): that closes what it has said and we have not heard yet.
      process.toHandle().destroyForcibly();
      hear(reader, new Moment("", Integer.MAX_VALUE));
    } finally {
      process.destroyForcibly();
    }
    assertEquals(KILLED, process.waitFor(), () -> errors());
    assertEquals("", errors());
    // The kill may have cut the last line.
    said.stream()
        .limit(Math.max(0, said.size() - 1L))
        .filter(Child::isOfTheLog)
        .forEach(WholeLog::hold);
  }

  private static boolean isOfTheLog(String line) {
    return !line.endsWith(Witness.END);
  }

  Testimony testimony() {
    return new Testimony(said);
  }

  /** What it was at when it was killed. */
  String last() {
    return said.isEmpty() ? "nothing" : said.getLast();
  }

  private void hear(BufferedReader reader, Moment until) throws IOException {
    for (var left = until.lines(); left > 0; ) {
      var line = reader.readLine();
      if (line == null) {
        return;
      }
      said.add(line);
      if (line.startsWith(until.start())) {
        left--;
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
