package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Reads statistics of a process from the operating system. */
final class ProcessStatistics {
  private ProcessStatistics() {}

  /** Returns the processor time of all threads in user and system mode. */
  static Duration cpu(long pid) {
    return ProcessHandle.of(pid).flatMap(p -> p.info().totalCpuDuration()).orElseThrow();
  }

  /** Returns resident memory in bytes, or NaN if not on Linux. {@code field} is VmRSS or VmHWM. */
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
