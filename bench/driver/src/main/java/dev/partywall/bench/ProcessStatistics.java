package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the operating system knows of a process. */
final class ProcessStatistics {
  private ProcessStatistics() {}

  /** Processor time in user and system mode, all of its threads together. */
  static Duration cpu(long pid) {
    return ProcessHandle.of(pid).flatMap(p -> p.info().totalCpuDuration()).orElseThrow();
  }

  /** Resident memory in bytes; {@code field} is VmRSS or VmHWM (Linux only, elsewhere NaN). */
  static double memory(long pid, String field) throws IOException {
    var status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(field + ":"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) * 1_024)
          .findFirst()
          .orElse(Double.NaN);
    }
  }
}
