package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Measures the distribution of the service over 16 tenants that flood it with requests of different
 * durations over 64 connections each. The busy time of each tenant is the one that the service
 * meters.
 */
final class FairnessPart implements ScalePart {
  private static final List<String> PREFIXES = List.of("slow1-", "slow5-", "slow20-", "slow50-");
  private static final int TENANTS_PER_PREFIX = 4;
  private static final int CONNECTIONS = 1_024;

  /** The product writes usage to the ledger within 10 s after the response. */
  private static final Duration USAGE_DELAY = Duration.ofSeconds(12);

  private final ScaleContext context;

  FairnessPart(ScaleContext context) {
    this.context = context;
  }

  @Override
  public String name() {
    return "fairness";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var tokens = new ArrayList<String>();
    for (var prefix : PREFIXES) {
      tokens.addAll(context.stub().tokens(prefix, 0, TENANTS_PER_PREFIX));
    }
    try (var product = context.startWarm(name(), new RequestMessages(context.tokens()))) {
      // Connection n always sends for tenant n modulo 16, so each tenant has 64 connections.
      var load = product.lenientLoad(CONNECTIONS, new RequestMessages(tokens));
      load.runSeparately(context.length().seconds(10));
      var before = busyMillis();
      var outcome = load.runSeparately(context.length().seconds(30));
      return table(difference(busyMillis(), before), outcome);
    }
  }

  private double[] busyMillis() throws IOException, InterruptedException {
    Thread.sleep(USAGE_DELAY);
    var busy = context.stub().busyMillis();
    return PREFIXES.stream()
        .flatMap(prefix -> IntStream.range(0, TENANTS_PER_PREFIX).mapToObj(n -> prefix + n))
        .mapToDouble(tenant -> busy.getOrDefault(tenant, 0.0))
        .toArray();
  }

  private static double[] difference(double[] after, double[] before) {
    return IntStream.range(0, after.length).mapToDouble(n -> after[n] - before[n]).toArray();
  }

  private static ScaleTable table(double[] busyMillis, ClosedLoopLoad.LoadOutcome outcome) {
    var table = new ScaleTable("Fairness", List.of("1 ms", "5 ms", "20 ms", "50 ms", "all"));
    var perPrefix = new double[PREFIXES.size() + 1];
    for (var tenant = 0; tenant < busyMillis.length; tenant++) {
      perPrefix[tenant / TENANTS_PER_PREFIX] += busyMillis[tenant] / 1e3;
    }
    perPrefix[PREFIXES.size()] = DoubleStream.of(busyMillis).sum() / 1e3;
    var none = Double.NaN;
    table.add("busy time of four tenants", "s", perPrefix);
    table.add("200s", "/s", none, none, none, none, outcome.perSecond());
    table.add(
        "Jain's index of the tenants' busy time (goal ≥ 0.95)",
        "",
        none,
        none,
        none,
        none,
        jain(busyMillis));
    table.note(
        "16 tenants of one tier with 64 connections each; the columns are the durations of a query.");
    return table;
  }

  /** Returns Jain's index: 1 if all values are equal, and 1/n if one tenant has everything. */
  private static double jain(double[] values) {
    var sum = DoubleStream.of(values).sum();
    var squares = DoubleStream.of(values).map(value -> value * value).sum();
    return sum * sum / (values.length * squares);
  }
}
