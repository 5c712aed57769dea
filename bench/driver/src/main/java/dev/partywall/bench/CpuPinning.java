package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Keeps the service on the first processor, and driver and stub on the others, so that a driver
 * that works hard takes nothing from the service. Only where {@code taskset} and a second processor
 * are there: elsewhere they share, and only figures of processor time mean what they say.
 */
record CpuPinning(boolean possible) {
  private static final Path TASKSET = Path.of("/usr/bin/taskset");

  static CpuPinning here() {
    return new CpuPinning(
        Files.isExecutable(TASKSET) && Runtime.getRuntime().availableProcessors() > 1);
  }

  /** What stands before the service's command line. */
  List<String> prefix() {
    return possible ? List.of(TASKSET.toString(), "--cpu-list", "0") : List.of();
  }

  /** Takes a process that runs already off the service's processor. */
  void away(long pid) throws IOException, InterruptedException {
    if (possible) {
      var others = "1-" + (Runtime.getRuntime().availableProcessors() - 1);
      Jvm.run(List.of(TASKSET.toString(), "-a", "-c", "-p", others, Long.toString(pid)));
    }
  }

  /** How many the service sees. */
  int processorsOfService() {
    return possible ? 1 : Runtime.getRuntime().availableProcessors();
  }

  /** In a sentence. */
  String told() {
    return possible
        ? "The service had processor 0 for itself; driver and stub ran on the others."
        : "Service, stub and driver shared the processors: throughput and latencies are all three's.";
  }
}
