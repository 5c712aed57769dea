package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The product, running, with what can be seen of it from outside. */
final class ProductProcess implements AutoCloseable {
  /** More than the side-by-side runs have: ten thousand connections want some memory each. */
  static final List<String> HEAP = List.of("-Xms128m", "-Xmx1g");

  private static final double MEBIBYTE = 1_048_576;

  private final RunningService service;

  private ProductProcess(RunningService service) {
    this.service = service;
  }

  /** Starts it, and waits for its first 200. */
  static ProductProcess start(ServiceLauncher launcher, BenchPaths places, String name, byte[] request)
      throws IOException, InterruptedException {
    var product = new ServiceCatalog(places).product(name, 0);
    var service = launcher.start(product, HEAP);
    try {
      service.awaitFirst(request);
      return new ProductProcess(service);
    } catch (IOException | InterruptedException | RuntimeException e) {
      service.close();
      throw e;
    }
  }

  int port() {
    return service.port();
  }

  /** A closed loop: as many requests at once as connections. One that fails is left out. */
  ClosedLoopLoad load(int connections, RequestMessages requests) {
    return new ClosedLoopLoad(port(), connections, requests, false);
  }

  /** The same, which ends with an exception where any answer is another than 200. */
  ClosedLoopLoad strictLoad(int connections, RequestMessages requests) {
    return new ClosedLoopLoad(port(), connections, requests);
  }

  Duration cpu() {
    return ProcessStatistics.cpu(service.pid());
  }

  /** Processor time since then, in microseconds a request. */
  double cpuSince(Duration before, long requests) {
    return cpu().minus(before).toNanos() / 1e3 / requests;
  }

  double residentMebibytes() throws IOException {
    return ProcessStatistics.memory(service.pid(), "VmRSS") / MEBIBYTE;
  }

  LiveHeap heap() throws IOException, InterruptedException {
    return LiveHeap.of(service.pid());
  }

  static double mebibytes(LiveHeap heap) {
    return heap.bytes() / MEBIBYTE;
  }

  /**
   * Waits until it has done what it does in the background, such as bringing usage to the ledger.
   */
  void settle(Duration patience) throws InterruptedException {
    var end = System.nanoTime() + patience.toNanos();
    for (var quiet = 0; quiet < 5 && System.nanoTime() < end; ) {
      var before = cpu();
      Thread.sleep(1_000);
      quiet = cpu().minus(before).toMillis() < 50 ? quiet + 1 : 0;
    }
  }

  @Override
  public void close() {
    service.close();
  }
}
