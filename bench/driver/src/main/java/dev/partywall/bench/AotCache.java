package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The JVM's AOT cache of a service (JEP 514). Each run creates it again: a cache that is older than
 * its jar could run the old code (JDK-8377932).
 */
record AotCache(Path file) {
  private static final int TRAINING_REQUESTS = 1_000;

  /** Creates the cache: the service handles requests and writes the cache on exit. */
  static AotCache train(BenchService service, ServiceLauncher launcher, RequestMessages requests)
      throws IOException, InterruptedException {
    var file = launcher.workDirectory().resolve(service.name() + ".aot");
    Files.deleteIfExists(file);
    var recording = List.of("-XX:AOTCacheOutput=" + file);
    try (var running = launcher.startForCache(service, recording)) {
      running.awaitFirstSuccess(requests.of(0));
      new ClosedLoopLoad(running.port(), 4, requests).sendCount(TRAINING_REQUESTS);
    }
    if (!Files.exists(file)) {
      throw new IOException(service.name() + " did not write an AOT cache");
    }
    return new AotCache(file);
  }

  /** Returns flags that require the cache. A start without it fails and is not measured. */
  List<String> flags() {
    return List.of("-XX:AOTCache=" + file, "-XX:AOTMode=on");
  }

  long bytes() throws IOException {
    return Files.size(file);
  }
}
