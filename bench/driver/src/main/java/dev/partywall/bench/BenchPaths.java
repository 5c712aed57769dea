package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where things lie, seen from the repository's root. */
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

  /** What a run leaves behind that nobody keeps: logs, caches, an unpacked jar. */
  Path work() {
    return made(root.resolve("bench/target/work"));
  }

  Path results() {
    return made(root.resolve("bench/target")).resolve("results.json");
  }

  Path scale() {
    return made(root.resolve("bench/target")).resolve("scale.json");
  }

  Path newChart() {
    return made(root.resolve("bench/target")).resolve("chart.svg");
  }

  Path jmh() {
    return root.resolve("bench/jmh/target/jmh.json");
  }

  /**
   * The committed ratios that new ones are compared with; a record for each way to store orders.
   */
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

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
