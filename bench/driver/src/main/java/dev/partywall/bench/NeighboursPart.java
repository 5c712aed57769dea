package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;

/**
 * Measures nine quiet tenants, alone and beside each {@link Disturbance}, in alternating rounds. A
 * ratio is computed per round; the table contains the median of the rounds.
 */
final class NeighboursPart implements ScalePart {
  private static final int ROUNDS = 5;
  private static final Duration LEAD = Duration.ofSeconds(2);

  /** The quiet tenants of (c) beside the nine. */
  private static final int OTHERS = 975;

  private static final int OTHERS_RATE = 500;
  private static final int OTHERS_CONNECTIONS = 64;

  private final ScaleContext context;

  NeighboursPart(ScaleContext context) {
    this.context = context;
  }

  /**
   * The result of one round.
   *
   * @param quiet the responses to the nine quiet tenants
   * @param others the responses to further quiet tenants
   */
  private record Observation(ResponseStatistics quiet, ResponseStatistics others, double cores) {
    double percentile(double percent) {
      return quiet.successes().percentile(percent);
    }

    int notServed() {
      return notServed(quiet) + notServed(others);
    }

    private static int notServed(ResponseStatistics responses) {
      return responses.total() - responses.successes().count() + responses.unsent();
    }
  }

  @Override
  public String name() {
    return "neighbours";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var observations = new EnumMap<Disturbance, List<Observation>>(Disturbance.class);
    var requests = new RequestMessages(context.tokens());
    try (var product = context.startWarm(name(), requests, ProductProcess.CONSTANT_HEAP)) {
      var quiet = new QuietTenants(product, context.stub());
      var others =
          new OpenLoopLoad(
              product.port(),
              OTHERS_CONNECTIONS,
              new RequestMessages(
                  context.stub().tokens("standard-", QuietTenants.COUNT + 16, OTHERS)),
              OpenLoopLoad.LatencyStart.DUE);
      for (var round = 0; round < ROUNDS; round++) {
        for (var disturbance : Disturbance.values()) {
          var observation = observe(product, quiet, others, disturbance);
          observations.computeIfAbsent(disturbance, _ -> new ArrayList<>()).add(observation);
          System.out.printf(
              "round %d, %s: p99 %.2f ms%n",
              round + 1, disturbance.label(), observation.percentile(99));
        }
      }
    }
    return table(observations);
  }

  private Observation observe(
      ProductProcess product, QuietTenants quiet, OpenLoopLoad others, Disturbance disturbance)
      throws InterruptedException {
    var time = context.length().seconds(60);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var total = time.plus(LEAD);
      var disturbing =
          threads.submit(() -> {
            disturbance.run(product, context.stub(), total);
            return true;
          });
      var further =
          threads.submit(() ->
              disturbance == Disturbance.MANY
                  ? others.run(total, OTHERS_RATE)
                  : new ResponseStatistics());
      var measured =
          threads.submit(() -> {
            quiet.run(LEAD);
            var start = System.nanoTime();
            var before = product.cpu();
            var responses = quiet.run(time);
            var cores =
                product.cpu().minus(before).toNanos() / (double) (System.nanoTime() - start);
            return Map.entry(responses, cores);
          });
      disturbing.get();
      return new Observation(measured.get().getKey(), further.get(), measured.get().getValue());
    } catch (ExecutionException e) {
      throw new IllegalStateException("a load failed", e.getCause());
    }
  }

  private ScaleTable table(Map<Disturbance, List<Observation>> observations) {
    var columns = Arrays.stream(Disturbance.values()).map(Disturbance::label).toList();
    var table = new ScaleTable("Noisy neighbours", columns);
    var alone = observations.get(Disturbance.NONE);
    add(table, "quiet tenants' p50", "ms", observations, round -> round.percentile(50));
    add(table, "quiet tenants' p99", "ms", observations, round -> round.percentile(99));
    addRatios(table, "p99 ÷ alone, median of the rounds", observations, alone, Spread::median);
    addRatios(table, "… lowest round", observations, alone, Spread::low);
    addRatios(table, "… highest round", observations, alone, Spread::high);
    add(table, "processors in use by the service", "", observations, Observation::cores);
    table.add(
        "requests of quiet tenants, all rounds",
        "",
        totals(observations, round -> round.quiet().total() + round.others().total()));
    table.add("… not answered with 200", "", totals(observations, Observation::notServed));
    table.note(
        "%d rounds. Nine tenants send 50 requests per second each; latency counts from the due time."
            .formatted(ROUNDS));
    table.note("Heap: " + String.join(" ", ProductProcess.CONSTANT_HEAP) + ".");
    table.note(
        "(c): 975 further quiet tenants send 500 requests per second together; the last two rows"
            + " include them.");
    return table;
  }

  private static void add(
      ScaleTable table,
      String label,
      String unit,
      Map<Disturbance, List<Observation>> observations,
      ToDoubleFunction<Observation> figure) {
    table.add(
        label,
        unit,
        observations.values().stream()
            .map(rounds -> Spread.of(rounds.stream().map(figure::applyAsDouble).toList()))
            .mapToDouble(Spread::median)
            .toArray());
  }

  private static void addRatios(
      ScaleTable table,
      String label,
      Map<Disturbance, List<Observation>> observations,
      List<Observation> alone,
      ToDoubleFunction<Spread> part) {
    table.add(
        label,
        "",
        observations.values().stream()
            .map(rounds -> ratios(rounds, alone))
            .mapToDouble(part)
            .toArray());
  }

  private static Spread ratios(List<Observation> rounds, List<Observation> alone) {
    var ratios = new ArrayList<Double>();
    for (var round = 0; round < rounds.size(); round++) {
      ratios.add(rounds.get(round).percentile(99) / alone.get(round).percentile(99));
    }
    return Spread.of(ratios);
  }

  private static double[] totals(
      Map<Disturbance, List<Observation>> observations, ToDoubleFunction<Observation> figure) {
    return observations.values().stream()
        .mapToDouble(rounds -> rounds.stream().mapToDouble(figure).sum())
        .toArray();
  }
}
