package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Paths relative to the root of the repository. */
record BenchPaths(Path root) {
  Path product() {
    return root.resolve("target/partywall.jar");
  }

  Path stub() {
    return root.resolve("bench/stub/target/stub.jar");
  }

  Path peer(String name) {
    return root.resolve("bench/peers").resolve(name).resolve("target");
  }

  /** Returns the directory for temporary files: logs, caches, an unpacked jar. */
  Path work() {
    return createDirectories(root.resolve("bench/target/work"));
  }

  Path results() {
    return createDirectories(root.resolve("bench/target")).resolve("results.json");
  }

  Path scale() {
    return createDirectories(root.resolve("bench/target")).resolve("scale.json");
  }

  Path lastChart() {
    return createDirectories(root.resolve("bench/target")).resolve("chart.svg");
  }

  Path jmh() {
    return root.resolve("bench/jmh/target/jmh.json");
  }

  /** Returns the committed record. Each storage format has a separate record. */
  Path record(String storage) {
    return root.resolve("bench").resolve("record" + suffix(storage) + ".json");
  }

  Path chart(String storage) {
    return root.resolve("bench").resolve("chart" + suffix(storage) + ".svg");
  }

  private static String suffix(String storage) {
    return storage.equals("attributes") ? "" : "-" + storage;
  }

  Path readme() {
    return root.resolve("bench/README.md");
  }

  private static Path createDirectories(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
