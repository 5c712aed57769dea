package dev.partywall.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine of a run. */
record Machine(String processor, int processors, long memoryMegabytes, String system, String jdk) {
  static Machine here() throws IOException {
    return new Machine(
        field(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        memory() / 1_048_576,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Jvm.version());
  }

  private static String field(Path file, String name, String fallback) throws IOException {
    if (!Files.exists(file)) {
      return fallback;
    }
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(fallback);
    }
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean known
        ? known.getTotalMemorySize()
        : 0;
  }

  /** Returns a description in one line. */
  String line() {
    return "%s, %d processors, %,d MiB, %s"
        .formatted(processor, processors, memoryMegabytes, system);
  }
}
