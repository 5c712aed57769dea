package dev.partywall.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the processor time of a request that is rejected because its tenant is above its rate,
 * and that of a served request, in alternation and at the same rate.
 */
final class RejectionsPart implements ScalePart {
  private static final int ROUNDS = 5;
  private static final int CONNECTIONS = 16;

  /** Below the rate at which the product delays rejections. */
  private static final int RATE = 200;

  private final ScaleContext context;

  RejectionsPart(ScaleContext context) {
    this.context = context;
  }

  @Override
  public String name() {
    return "rejections";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var requests = new RequestMessages(context.tokens());
    var excess = new RequestMessages(context.stub().tokens("free-", 0, 1));
    var served = new ArrayList<Double>();
    var rejected = new ArrayList<Double>();
    var ratios = new ArrayList<Double>();
    try (var product = context.startWarm(name(), requests)) {
      cpuPerResponse(product, excess); // the code for rejections must first be compiled
      for (var round = 0; round < ROUNDS; round++) {
        served.add(cpuPerResponse(product, requests));
        rejected.add(cpuPerResponse(product, excess));
        ratios.add(rejected.getLast() / served.getLast());
      }
    }
    return table(Spread.of(served), Spread.of(rejected), Spread.of(ratios));
  }

  private double cpuPerResponse(ProductProcess product, RequestMessages requests)
      throws IOException, InterruptedException {
    var load =
        new OpenLoopLoad(product.port(), CONNECTIONS, requests, OpenLoopLoad.LatencyStart.SENT);
    var before = product.cpu();
    var responses = load.run(context.length().seconds(10), RATE);
    return product.cpuSince(before, responses.total());
  }

  private static ScaleTable table(Spread served, Spread rejected, Spread ratio) {
    var table = new ScaleTable("Rejections", List.of("median", "lowest", "highest"));
    table.add("CPU per served request", "µs", served);
    table.add("CPU per request rejected with 429", "µs", rejected);
    table.add("rejected ÷ served (goal ≤ 0.4)", "", ratio);
    table.note(
        "Both at %d requests per second over %d connections; a tenant of 10 requests per second is rejected; %d rounds."
            .formatted(RATE, CONNECTIONS, ROUNDS));
    return table;
  }
}
