package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Pins the service to the first processor, and driver and stub to the others, so a busy driver does
 * not slow the service. Pinning requires {@code taskset} and a second processor. Otherwise the
 * processes share the processors, and only figures of processor time are valid.
 */
record CpuPinning(boolean possible) {
  private static final Path TASKSET = Path.of("/usr/bin/taskset");

  static CpuPinning here() {
    return new CpuPinning(
        Files.isExecutable(TASKSET) && Runtime.getRuntime().availableProcessors() > 1);
  }

  /** Returns the prefix of the service's command line. */
  List<String> prefix() {
    return possible ? List.of(TASKSET.toString(), "--cpu-list", "0") : List.of();
  }

  /** Moves a running process off the service's processor. */
  void moveOffServiceProcessor(long pid) throws IOException, InterruptedException {
    if (possible) {
      var others = "1-" + (Runtime.getRuntime().availableProcessors() - 1);
      Jvm.runTool(List.of(TASKSET.toString(), "-a", "-c", "-p", others, Long.toString(pid)));
    }
  }

  /** Returns the number of processors available to the service. */
  int serviceProcessors() {
    return possible ? 1 : Runtime.getRuntime().availableProcessors();
  }

  /** Returns a description in one sentence. */
  String description() {
    return possible
        ? "The service ran alone on processor 0; driver and stub ran on the others."
        : "Service, stub and driver shared the processors; throughput and latencies include all three.";
  }
}
