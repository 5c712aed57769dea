package dev.partywall.bench;

import java.io.IOException;
import java.util.List;

/** What every part of the scale needs: the stub, a way to start the product, and callers. */
record ScaleContext(BenchPaths places, StubBackend stub, ServiceLauncher launcher, RunLength length) {
  private static final int CALLERS = 1_000;
  private static final int WARM_UP = 40_000;
  private static final int CONNECTIONS = 16;

  static ScaleContext of(BenchPaths places, StubBackend stub, CpuPinning pinning, RunLength length) {
    return new ScaleContext(places, stub, new ServiceLauncher(stub, "", places.work(), pinning.prefix()), length);
  }

  /** A user of each of a thousand tenants. */
  List<String> tokens() throws IOException, InterruptedException {
    return stub.tokens(CALLERS, 1);
  }

  /** A new process that has answered enough to be compiled. */
  ProductProcess warm(String name, RequestMessages requests) throws IOException, InterruptedException {
    var specimen = ProductProcess.start(launcher, places, name, requests.of(0));
    try {
      specimen.load(CONNECTIONS, requests).count(length.count(WARM_UP));
      return specimen;
    } catch (InterruptedException | RuntimeException e) {
      specimen.close();
      throw e;
    }
  }
}
