package dev.partywall.bench;

import java.io.IOException;
import java.util.List;

/** Three times as many requests as the service can do. */
final class OverloadPart implements Part {
  private static final int TIMES = 3;
  private static final int FLOOD_LANES = 4_000;
  private static final int CALM_LANES = 64;
  private static final int LONGEST_RECOVERY = 20;
  private static final double LEAST_REFUSED = 0.2;

  private final Bed bed;
  private final Pinning pinning;

  OverloadPart(Bed bed, Pinning pinning) {
    this.bed = bed;
    this.pinning = pinning;
  }

  @Override
  public String name() {
    return "overload";
  }

  /** The most that it did, and what a request cost then. */
  private record Peak(double perSecond, double cpu, double p99) {}

  @Override
  public Grid run() throws IOException, InterruptedException {
    var requests = new Requests(bed.tokens());
    var grid = new Grid("Overload", List.of("peak", "calm", "flood", "after"));
    try (var specimen = bed.warm(name(), requests)) {
      specimen.load(64, requests).saturate(bed.length().seconds(10));
      var peak = peak(specimen, requests);
      var rate = (int) (peak.perSecond() * 0.3);
      var calm = new OpenLoad(specimen.port(), CALM_LANES, requests, OpenLoad.Since.DUE);
      var before = calm.offer(bed.length().seconds(5), rate);
      var cpu = specimen.cpu();
      var flood =
          new OpenLoad(specimen.port(), FLOOD_LANES, requests, OpenLoad.Since.SENT)
              .offer(bed.length().seconds(15), (int) (peak.perSecond() * TIMES));
      var spent = specimen.cpu().minus(cpu).toNanos() / 1e3;
      var recovery = recovery(calm, rate, 2 * before.served().percentile(99));
      var after = calm.offer(bed.length().seconds(5), rate);
      tell(grid, peak, before, flood, after);
      conclude(grid, peak, flood, spent, recovery);
    }
    return grid;
  }

  /** Of a closed loop, at whichever number of connections does most. */
  private Peak peak(Specimen specimen, Requests requests) throws InterruptedException {
    var best = new Peak(0, 0, 0);
    for (var connections : List.of(16, 64, 256)) {
      var before = specimen.cpu();
      var outcome = specimen.load(connections, requests).saturate(bed.length().seconds(6));
      var cpu = specimen.cpuSince(before, outcome.requests());
      if (outcome.perSecond() > best.perSecond()) {
        best = new Peak(outcome.perSecond(), cpu, outcome.latencies().percentile(99));
      }
    }
    return best;
  }

  /** Seconds until one second's p99 was no more than that, and nobody was refused; or NaN. */
  private static double recovery(OpenLoad calm, int rate, double bound)
      throws IOException, InterruptedException {
    var start = System.nanoTime();
    for (var second = 0; second < LONGEST_RECOVERY; second++) {
      var answers = calm.offer(java.time.Duration.ofSeconds(1), rate);
      var whole = answers.served().count() == answers.all();
      if (whole && answers.served().percentile(99) <= bound) {
        return (System.nanoTime() - start) / 1e9;
      }
    }
    return Double.NaN;
  }

  private static void tell(Grid grid, Peak peak, Answers before, Answers flood, Answers after) {
    var none = Double.NaN;
    grid.add("offered", "/s", none, before.offered(), flood.offered(), after.offered());
    grid.add(
        "goodput (200s)",
        "/s",
        peak.perSecond(),
        before.goodput(),
        flood.goodput(),
        after.goodput());
    grid.add(
        "p99 of 200s",
        "ms",
        peak.p99(),
        before.served().percentile(99),
        flood.served().percentile(99),
        after.served().percentile(99));
    var count = flood.refused().count();
    var refused = count == 0 ? none : flood.refused().percentile(99);
    grid.add("refused", "%", none, none, 100.0 * count / Math.max(1, flood.all()), none);
    grid.add("p99 of refusals", "ms", none, none, refused, none);
    grid.add("connections that broke", "", none, before.broken(), flood.broken(), after.broken());
    grid.add(
        "never asked: no free connection", "", none, before.never(), flood.never(), after.never());
  }

  private void conclude(Grid grid, Peak peak, Answers flood, double spent, double recovery) {
    var count = flood.refused().count();
    var refused =
        count < LEAST_REFUSED * flood.all()
            ? Double.NaN
            : (spent - flood.served().count() * peak.cpu()) / count;
    grid.add("CPU per 200", "µs", peak.cpu());
    grid.add("CPU per refusal", "µs", Double.NaN, Double.NaN, refused);
    grid.add(
        "goodput ÷ peak (goal ≥ 0.9)",
        "",
        Double.NaN,
        Double.NaN,
        flood.goodput() / peak.perSecond());
    grid.add(
        "CPU per refusal ÷ per 200 (goal ≤ 0.1)", "", Double.NaN, Double.NaN, refused / peak.cpu());
    grid.add(
        "seconds from the flood's last answer until p99 was within twice the calm one",
        "s",
        Double.NaN,
        Double.NaN,
        Double.NaN,
        recovery);
    grid.note(pinning.told());
    grid.note(
        "A refusal's CPU is what the flood cost beyond its 200s at the peak's price, each; none is"
            + " told where less than a fifth was refused.");
    grid.note(
        "The flood came over %,d connections, so that no more than these wait for an answer at once."
            .formatted(FLOOD_LANES));
  }
}
