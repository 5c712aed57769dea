package dev.partywall.bench;

import java.nio.file.Path;
import java.util.List;

/** The JVM that everything runs on: the one that runs this. */
final class Java {
  /**
   * Equal for all: what the JVM itself would choose in a container with one processor and half a
   * gigabyte.
   */
  static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xms128m", "-Xmx256m");

  private Java() {}

  static String executable() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  static String version() {
    return System.getProperty("java.vendor.version", "") + " (" + Runtime.version() + ")";
  }
}
