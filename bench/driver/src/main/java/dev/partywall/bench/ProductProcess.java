package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A running product with its externally visible statistics. */
final class ProductProcess implements AutoCloseable {
  /** Larger than in side-by-side runs, because each of 8,000 connections needs memory. */
  static final List<String> HEAP = List.of("-Xms128m", "-Xmx1g");

  /**
   * A heap of constant size. The young generation is larger then, and fewer than one in a hundred
   * requests meets a collection, which would otherwise determine the p99.
   */
  static final List<String> CONSTANT_HEAP = List.of("-Xms1g", "-Xmx1g");

  private static final double MEBIBYTE = 1_048_576;

  private final RunningService service;

  private ProductProcess(RunningService service) {
    this.service = service;
  }

  /** Starts the product and waits for the first 200. */
  static ProductProcess start(
      ServiceLauncher launcher, BenchPaths places, String name, byte[] request, List<String> heap)
      throws IOException, InterruptedException {
    var product = new ServiceCatalog(places).product(name, 0);
    var service = launcher.start(product, heap);
    try {
      service.awaitFirstSuccess(request);
      return new ProductProcess(service);
    } catch (IOException | InterruptedException | RuntimeException e) {
      service.close();
      throw e;
    }
  }

  int port() {
    return service.port();
  }

  /** Returns a closed loop with one request per connection. It ignores failed requests. */
  ClosedLoopLoad lenientLoad(int connections, RequestMessages requests) {
    return new ClosedLoopLoad(port(), connections, requests, false);
  }

  /** Returns a closed loop that throws an exception if a response is not 200. */
  ClosedLoopLoad strictLoad(int connections, RequestMessages requests) {
    return new ClosedLoopLoad(port(), connections, requests);
  }

  Duration cpu() {
    return ProcessStatistics.cpu(service.pid());
  }

  /** Returns the processor time since {@code before}, in microseconds per request. */
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

  /** Waits until background work is complete, for example shipping usage to the ledger. */
  void awaitIdle(Duration timeout) throws InterruptedException {
    var end = System.nanoTime() + timeout.toNanos();
    for (var idleSeconds = 0; idleSeconds < 5 && System.nanoTime() < end; ) {
      var before = cpu();
      Thread.sleep(1_000);
      idleSeconds = cpu().minus(before).toMillis() < 50 ? idleSeconds + 1 : 0;
    }
  }

  @Override
  public void close() {
    service.close();
  }
}
