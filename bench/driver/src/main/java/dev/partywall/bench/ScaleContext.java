package dev.partywall.bench;

import java.io.IOException;
import java.util.List;

/** The stub, the launcher and the tokens that every part of a scale run uses. */
record ScaleContext(
    BenchPaths paths, StubBackend stub, ServiceLauncher launcher, RunLength length) {
  private static final int TENANTS = 1_000;
  private static final int WARM_UP = 40_000;
  private static final int CONNECTIONS = 16;

  static ScaleContext of(
      BenchPaths places, StubBackend stub, CpuPinning pinning, RunLength length) {
    return new ScaleContext(
        places, stub, new ServiceLauncher(stub, "", places.work(), pinning.prefix()), length);
  }

  /** Returns the token of one user for each of 1,000 tenants. */
  List<String> tokens() throws IOException, InterruptedException {
    return stub.tokens(TENANTS, 1);
  }

  /** Starts a process and sends enough requests to trigger compilation. */
  ProductProcess startWarm(String name, RequestMessages requests)
      throws IOException, InterruptedException {
    return startWarm(name, requests, ProductProcess.HEAP);
  }

  /**
   * Starts a process with these flags for the heap, as {@link #startWarm(String, RequestMessages)}.
   */
  ProductProcess startWarm(String name, RequestMessages requests, List<String> heap)
      throws IOException, InterruptedException {
    var product = ProductProcess.start(launcher, paths, name, requests.of(0), heap);
    try {
      product.lenientLoad(CONNECTIONS, requests).sendCount(WARM_UP);
      return product;
    } catch (InterruptedException | RuntimeException e) {
      product.close();
      throw e;
    }
  }
}
