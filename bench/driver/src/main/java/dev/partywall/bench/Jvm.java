package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The JVM that everything runs on: the one that runs this. */
final class Jvm {
  /**
   * Equal for all, and our choice: the collector that the JVM itself takes in a container with one
   * processor, and a heap that fits into half a gigabyte.
   */
  static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xms128m", "-Xmx256m");

  private Jvm() {}

  static String executable() {
    return tool("java");
  }

  /** What a tool prints, such as one of the JDK's or of the system's. */
  static List<String> run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var lines = process.inputReader().lines()) {
      var all = lines.toList();
      if (process.waitFor() != 0) {
        throw new IOException(command + " failed: " + String.join("\n", all));
      }
      return all;
    }
  }

  /** A tool of the JDK's that runs this. */
  static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  static String version() {
    return System.getProperty("java.vendor.version", "") + " (" + Runtime.version() + ")";
  }
}
