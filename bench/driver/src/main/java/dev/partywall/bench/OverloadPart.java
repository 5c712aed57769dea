package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Three times as many requests as the service can do: once where it can do many and lets the rest
 * wait, and once where DynamoDB is so slow that most of them have to be refused.
 */
final class OverloadPart implements ScalePart {
  private static final int TIMES = 3;
  private static final double CALM = 0.3;
  private static final int CALM_LANES = 64;
  private static final int FLOOD_LANES = 4_000;

  /** Each waits for 3 s before it is refused: so many bring 3,000 refusals a second. */
  private static final int REFUSED_LANES = 9_000;

  private static final int SLOW_TENANTS = 100;

  /** The product's, for each of its processors. */
  private static final int PLACES = 256;

  private static final double SLOW_QUERY_SECONDS = 1.5;
  private static final int LONGEST_RECOVERY = 20;

  private final ScaleContext bed;
  private final CpuPinning pinning;

  OverloadPart(ScaleContext bed, CpuPinning pinning) {
    this.bed = bed;
    this.pinning = pinning;
  }

  @Override
  public String name() {
    return "overload";
  }

  /** The most that it did of a closed loop, and what that cost. */
  private record PeakLoad(int connections, double perSecond, double cpu, double p99) {
    /** How much of a processor the service took, in percent. */
    double use() {
      return perSecond * cpu / 1e4;
    }
  }

  /** A flood, and what came after it. */
  private record OverloadPhase(LoadMeasurement flood, double recovery, LoadMeasurement after) {}

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var requests = new RequestMessages(bed.tokens());
    var slow = new RequestMessages(bed.stub().slowTokens(SLOW_TENANTS));
    try (var specimen = bed.warm(name(), requests)) {
      specimen.load(CALM_LANES, requests).saturate(bed.length().seconds(10));
      var peak = peak(specimen, requests);
      var calm = new OpenLoopLoad(specimen.port(), CALM_LANES, requests, OpenLoopLoad.LatencyStart.DUE);
      var before = LoadMeasurement.of(specimen, calm, bed.length().seconds(5), CALM * peak.perSecond());
      var served = episode(specimen, flood(specimen, FLOOD_LANES, requests), calm, peak, before);
      var lanes = Math.min(REFUSED_LANES, OpenFileLimit.forConnections());
      var refusing = flood(specimen, lanes, slow);
      // Nothing was refused before: what does that has to be compiled first.
      refusing.offer(bed.length().seconds(8), (int) (TIMES * peak.perSecond()));
      var refused = episode(specimen, refusing, calm, peak, before);
      return tell(peak, before, served, refused);
    }
  }

  /** At whichever number of connections it does most. */
  private PeakLoad peak(ProductProcess specimen, RequestMessages requests) throws InterruptedException {
    var best = new PeakLoad(0, 0, 0, 0);
    for (var connections : List.of(16, 64, 256)) {
      var before = specimen.cpu();
      var outcome = specimen.load(connections, requests).saturate(bed.length().seconds(6));
      var cpu = specimen.cpuSince(before, outcome.requests());
      if (outcome.perSecond() > best.perSecond()) {
        var p99 = outcome.latencies().percentile(99);
        best = new PeakLoad(connections, outcome.perSecond(), cpu, p99);
      }
    }
    return best;
  }

  private static OpenLoopLoad flood(ProductProcess specimen, int lanes, RequestMessages requests) {
    return new OpenLoopLoad(specimen.port(), lanes, requests, OpenLoopLoad.LatencyStart.SENT);
  }

  private OverloadPhase episode(ProductProcess specimen, OpenLoopLoad flood, OpenLoopLoad calm, PeakLoad peak, LoadMeasurement before)
      throws IOException, InterruptedException {
    var during = LoadMeasurement.of(specimen, flood, bed.length().seconds(15), TIMES * peak.perSecond());
    var rate = (int) (CALM * peak.perSecond());
    var recovery = recovery(calm, rate, 2 * before.servedWithin(99));
    return new OverloadPhase(during, recovery, LoadMeasurement.of(specimen, calm, bed.length().seconds(5), rate));
  }

  /**
   * Seconds until one's p99 was no more than that, and nobody was refused, looked at one by one; or
   * NaN.
   */
  private static double recovery(OpenLoopLoad calm, int rate, double bound)
      throws IOException, InterruptedException {
    var start = System.nanoTime();
    for (var second = 0; second < LONGEST_RECOVERY; second++) {
      var answers = calm.offer(Duration.ofSeconds(1), rate);
      var whole = answers.served().count() == answers.all();
      if (whole && answers.served().percentile(99) <= bound) {
        return (System.nanoTime() - start) / 1e9;
      }
    }
    return Double.NaN;
  }

  private ScaleTable tell(PeakLoad peak, LoadMeasurement before, OverloadPhase served, OverloadPhase refused) {
    var grid =
        new ScaleTable(
            "Overload", List.of("peak", "calm", "flood", "after", "DynamoDB slow, flood", "after"));
    var all = List.of(before, served.flood(), served.after(), refused.flood(), refused.after());
    row(grid, "wanted", "/s", Double.NaN, all, LoadMeasurement::wanted);
    row(grid, "reached the service", "/s", Double.NaN, all, it -> it.answers().reached());
    row(grid, "goodput (200s)", "/s", peak.perSecond(), all, it -> it.answers().goodput());
    row(grid, "p99 of 200s", "ms", peak.p99(), all, it -> it.servedWithin(99));
    row(
        grid,
        "refused",
        "%",
        Double.NaN,
        all,
        it -> it.answers().percentOfAll(it.answers().refused().count()));
    row(grid, "p99 of refusals", "ms", Double.NaN, all, it -> it.refusedWithin(99));
    row(grid, "connections that broke", "", Double.NaN, all, it -> it.answers().broken());
    row(grid, "never asked: no free connection", "", Double.NaN, all, it -> it.answers().never());
    row(grid, "processor taken by the service", "%", peak.use(), all, LoadMeasurement::use);
    row(grid, "CPU per 200, refusals included", "µs", peak.cpu(), all, LoadMeasurement::cpuPerServed);
    conclude(grid, peak, served, refused);
    return grid;
  }

  private static void row(
      ScaleTable grid,
      String label,
      String unit,
      double peak,
      List<LoadMeasurement> all,
      ToDoubleFunction<LoadMeasurement> figure) {
    var values = new ArrayList<>(List.of(peak));
    all.forEach(it -> values.add(figure.applyAsDouble(it)));
    grid.add(label, unit, values.stream().mapToDouble(it -> it).toArray());
  }

  private void conclude(ScaleTable grid, PeakLoad peak, OverloadPhase served, OverloadPhase refused) {
    var none = Double.NaN;
    var goodput = served.flood().answers().goodput() / peak.perSecond();
    var cost = peak.cpu() / served.flood().cpuPerServed();
    var refusal = refused.flood().cpuPerRefusal(peak.cpu());
    grid.add("goodput ÷ peak (goal ≥ 0.9)", "", none, none, goodput);
    grid.add("200s per processor second ÷ peak", "", none, none, cost);
    var places = PLACES * pinning.processorsOfService();
    var possible = places / SLOW_QUERY_SECONDS;
    grid.add(
        "goodput ÷ what its places can do (%d ÷ 1.5 s)".formatted(places),
        "",
        none,
        none,
        none,
        none,
        refused.flood().answers().goodput() / possible);
    grid.add("CPU per refusal", "µs", none, none, none, none, refusal);
    grid.add(
        "… ÷ per 200 at the peak (goal ≤ 0.1)", "", none, none, none, none, refusal / peak.cpu());
    grid.add(
        "until a second's p99 is within twice the calm one (1: the first looked at)",
        "s",
        none,
        none,
        none,
        served.recovery(),
        none,
        refused.recovery());
    notes(grid, peak);
  }

  private void notes(ScaleTable grid, PeakLoad peak) {
    grid.note(pinning.told());
    grid.note(
        "Peak: a closed loop over %d connections, which of 16, 64 and 256 did most."
            .formatted(peak.connections()));
    grid.note(
        "Flood: three times the peak is wanted, over %,d connections. Each asks again only once it has"
                .formatted(FLOOD_LANES)
            + " its answer, so that what is wanted beyond that never reaches the service. Its goodput"
            + " is also the driver's and the stub's, who answer and ask as much on their processor;"
            + " 200s per processor second are the service's alone.");
    grid.note(
        "DynamoDB slow: every query takes 1.5 s, so that the places are taken, and whoever has waited"
            + " for 3 s is refused. A refusal's CPU is what that flood cost beyond its 200s at the"
            + " peak's price.");
  }
}
