package dev.partywall.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.TenantId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A {@link CrashingService} in its own process, and what it has said. */
final class Child {
  /** What a process ends with when it was killed: 128 and SIGKILL. */
  private static final int KILLED = 137;

  private final TenantId own;
  private final Process process;
  private final Path errors;
  private final List<String> said = new ArrayList<>();

  private Child(TenantId own, Process process, Path errors) {
    this.own = own;
    this.process = process;
    this.errors = errors;
  }

  /** Starts one. The compiler that makes code fast is left out: no process lives long enough. */
  static Child start(LocalDynamo dynamo, String prefix, Path folder, String own)
      throws IOException {
    var errors = folder.resolveSibling(own + ".errors");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            CrashingService.class.getName(),
            dynamo.endpoint().toString(),
            prefix,
            folder.toString(),
            own);
    var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    return new Child(new TenantId(own), process, errors);
  }

  /** Lets it say so many lines, kills it, and hears out what it had said before that. */
  void killAfter(int lines) throws IOException, InterruptedException {
    try (var reader = process.inputReader()) {
      hear(reader, lines);
      // Not process.destroyForcibly(): that closes what it has said and we have not heard yet.
      process.toHandle().destroyForcibly();
      hear(reader, Integer.MAX_VALUE);
    } finally {
      process.destroyForcibly();
    }
    assertEquals(KILLED, process.waitFor(), () -> errors());
  }

  /** The tenant that it alone has served. */
  TenantId own() {
    return own;
  }

  /** The orders that it has acknowledged, by tenant. */
  Map<String, Long> acknowledged() {
    var orders = new TreeMap<String, Long>();
    said.stream()
        .filter(line -> line.matches("order shared-\\d"))
        .forEach(line -> orders.merge(line.substring("order ".length()), 1L, Long::sum));
    return orders;
  }

  /** How many requests may have come to its meter; the last line may be cut. */
  long begun() {
    return said.stream().filter(line -> line.startsWith("b")).count();
  }

  /** How many of them were in its journal. */
  long flushed() {
    return said.stream()
        .filter(line -> line.startsWith("flushed "))
        .mapToLong(line -> Long.parseLong("0" + line.substring("flushed ".length())))
        .max()
        .orElse(0);
  }

  private void hear(BufferedReader reader, int lines) throws IOException {
    for (var left = lines; left > 0; left--) {
      var line = reader.readLine();
      if (line == null) {
        return;
      }
      said.add(line);
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
