package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The limit of open files. Driver and service each need one file per connection. */
final class OpenFileLimit {
  private static final int DEFAULT_LIMIT = 6_000;
  private static final int RESERVED = 1_000;

  private OpenFileLimit() {}

  /** Returns the maximum number of connections, with a reserve for other files. */
  static int maxConnections() throws IOException {
    var limits = Path.of("/proc/self/limits");
    if (!Files.exists(limits)) {
      return DEFAULT_LIMIT - RESERVED;
    }
    try (var lines = Files.lines(limits)) {
      var limit =
          lines
              .filter(line -> line.startsWith("Max open files"))
              .map(line -> line.split("\\s+")[3])
              .mapToInt(
                  value -> value.matches("\\d{1,8}") ? Integer.parseInt(value) : Integer.MAX_VALUE)
              .findFirst()
              .orElse(DEFAULT_LIMIT);
      return limit - RESERVED;
    }
  }
}
