package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The JVM's AOT cache of a service (JEP 514). It is made anew in each run: a cache that is older
 * than its jar could run the old code (JDK-8377932).
 */
record AotCache(Path file) {
  private static final int TRAINING = 1_000;

  /** Serves requests, ends, and so leaves a cache behind. */
  static AotCache train(BenchService service, ServiceLauncher launcher, RequestMessages requests)
      throws IOException, InterruptedException {
    var file = launcher.work().resolve(service.name() + ".aot");
    Files.deleteIfExists(file);
    var recording = List.of("-XX:AOTCacheOutput=" + file);
    try (var running = launcher.startForCache(service, recording)) {
      running.awaitFirst(requests.of(0));
      new ClosedLoopLoad(running.port(), 4, requests).count(TRAINING);
    }
    if (!Files.exists(file)) {
      throw new IOException(service.name() + " left no AOT cache behind");
    }
    return new AotCache(file);
  }

  /** With the cache or not at all: a start without it must not pass for one with it. */
  List<String> flags() {
    return List.of("-XX:AOTCache=" + file, "-XX:AOTMode=on");
  }

  long bytes() throws IOException {
    return Files.size(file);
  }
}
