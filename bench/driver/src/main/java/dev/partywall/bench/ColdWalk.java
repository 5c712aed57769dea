package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;

/** Every tenant comes once, and nobody has been there before. */
final class ColdWalk {
  private static final int BATCH = 10_000;
  private static final int CONNECTIONS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final StubProcess stub;
  private final Specimen specimen;

  ColdWalk(StubProcess stub, Specimen specimen) {
    this.stub = stub;
    this.specimen = specimen;
  }

  /**
   * What it cost.
   *
   * @param cpu microseconds a request, what was done in the background included
   * @param heap right after the last one, before the ledger has all of it
   */
  record Cost(int tenants, double cpu, LiveHeap heap) {}

  /** Tokens are made in between: the service has pauses, and uses them for its ledger. */
  Cost go(int tenants) throws IOException, InterruptedException {
    var before = specimen.cpu();
    for (var from = 0; from < tenants; from += BATCH) {
      var count = Math.min(BATCH, tenants - from);
      var requests = new Requests(stub.quickTokens(from, count));
      specimen.load(CONNECTIONS, requests).count(count);
    }
    // The collection's own cost is no request's.
    var asked = specimen.cpu();
    var heap = specimen.heap();
    var collected = specimen.cpu();
    specimen.settle(PATIENCE);
    var spent = asked.minus(before).plus(specimen.cpu().minus(collected));
    return new Cost(tenants, spent.toNanos() / 1e3 / tenants, heap);
  }
}
