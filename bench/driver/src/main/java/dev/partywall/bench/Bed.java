package dev.partywall.bench;

import java.io.IOException;
import java.util.List;

/** What every part of the scale needs: the stub, a way to start the product, and callers. */
record Bed(Places places, StubProcess stub, Launcher launcher, Length length) {
  private static final int CALLERS = 1_000;
  private static final int WARM_UP = 40_000;
  private static final int CONNECTIONS = 16;

  static Bed of(Places places, StubProcess stub, Pinning pinning, Length length) {
    return new Bed(places, stub, new Launcher(stub, "", places.work(), pinning.prefix()), length);
  }

  /** A user of each of a thousand tenants. */
  List<String> tokens() throws IOException, InterruptedException {
    return stub.tokens(CALLERS, 1);
  }

  /** A new process that has answered enough to be compiled. */
  Specimen warm(String name, Requests requests) throws IOException, InterruptedException {
    var specimen = Specimen.start(launcher, places, name, requests.of(0));
    try {
      specimen.load(CONNECTIONS, requests).count(length.count(WARM_UP));
      return specimen;
    } catch (InterruptedException | RuntimeException e) {
      specimen.close();
      throw e;
    }
  }
}
