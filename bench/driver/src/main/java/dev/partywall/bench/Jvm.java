package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The JVM of all processes: the JVM that runs this program. */
final class Jvm {
  /**
   * The flags of all services: the collector that the JVM selects in a container with one
   * processor, and a heap that fits into half a gigabyte.
   */
  static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xms128m", "-Xmx256m");

  private Jvm() {}

  static String executable() {
    return tool("java");
  }

  /** Runs a JDK or system tool and returns its output. */
  static List<String> runTool(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var lines = process.inputReader().lines()) {
      var all = lines.toList();
      if (process.waitFor() != 0) {
        throw new IOException(command + " failed: " + String.join("\n", all));
      }
      return all;
    }
  }

  /** Returns the path of a tool of the current JDK. */
  static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  static String version() {
    return System.getProperty("java.vendor.version", "") + " (" + Runtime.version() + ")";
  }
}
