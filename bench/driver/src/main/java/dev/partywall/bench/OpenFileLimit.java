package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files a process may have open here: driver and service each need one a connection. */
final class OpenFileLimit {
  private static final int UNKNOWN = 6_000;
  private static final int OTHERS = 1_000;

  private OpenFileLimit() {}

  /** So many connections, and what else a process needs. */
  static int forConnections() throws IOException {
    var limits = Path.of("/proc/self/limits");
    if (!Files.exists(limits)) {
      return UNKNOWN - OTHERS;
    }
    try (var lines = Files.lines(limits)) {
      var most =
          lines
              .filter(line -> line.startsWith("Max open files"))
              .map(line -> line.split("\\s+")[3])
              .mapToInt(it -> it.matches("\\d{1,8}") ? Integer.parseInt(it) : Integer.MAX_VALUE)
              .findFirst()
              .orElse(UNKNOWN);
      return most - OTHERS;
    }
  }
}
