package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;

/** Tenants who come for the first time, one request each. */
final class ColdTenantRun {
  /** Fewer than there is room for in any cache: of the first so many, all are known at once. */
  private static final int BATCH = 8_000;

  private static final int CONNECTIONS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final StubBackend stub;
  private final ProductProcess specimen;
  private Duration counting = Duration.ZERO;

  ColdTenantRun(StubBackend stub, ProductProcess specimen) {
    this.stub = stub;
    this.specimen = specimen;
  }

  /**
   * What it cost.
   *
   * @param cpu microseconds a request, what was done in the background included
   * @param known how many came before {@code first} was taken, all of them still known then
   * @param last right after the last one, before the ledger has all of it
   */
  record ColdRunCost(int tenants, double cpu, int known, LiveHeap first, LiveHeap last) {}

  /**
   * Lets so many of them come, evenly spread over all. Tokens are made in between: the service has
   * pauses, and uses them for its ledger.
   */
  ColdRunCost go(int registered, int comers) throws IOException, InterruptedException {
    var before = specimen.cpu();
    var known = Math.min(BATCH, comers);
    var step = registered / comers;
    come(0, known, step);
    var first = heap();
    for (var from = known; from < comers; from += BATCH) {
      come(from, Math.min(BATCH, comers - from), step);
    }
    var last = comers == known ? first : heap();
    specimen.settle(PATIENCE);
    var spent = specimen.cpu().minus(before).minus(counting);
    return new ColdRunCost(comers, spent.toNanos() / 1e3 / comers, known, first, last);
  }

  private void come(int from, int count, int step) throws IOException, InterruptedException {
    var requests = new RequestMessages(stub.quickTokens(from * step, count, step));
    specimen.strictLoad(CONNECTIONS, requests).count(count);
  }

  /** The collection's own cost is no request's. */
  private LiveHeap heap() throws IOException, InterruptedException {
    var before = specimen.cpu();
    var heap = specimen.heap();
    counting = counting.plus(specimen.cpu().minus(before));
    return heap;
  }
}
