package dev.partywall.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * From ten tenants to a million. In each world tenants come who have never been there, all or as
 * many as there is time for; then the same warm set is asked for in all, in alternation.
 */
final class TenantsPart implements ScalePart {
  private static final List<Integer> WORLDS = List.of(10, 1_000, 100_000, 1_000_000);
  private static final int WARM = 1_000;
  private static final int ROUNDS = 3;

  private final ScaleContext bed;
  private final int most;
  private final long started = System.nanoTime();

  /** Of a world's tenants, at most {@code most} come in the cold case. */
  TenantsPart(ScaleContext bed, int most) {
    this.bed = bed;
    this.most = bed.length().count(most);
  }

  @Override
  public String name() {
    return "tenants";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var worlds = new ArrayList<TenantScenario>();
    try {
      for (var tenants : WORLDS) {
        say("%,d registered: %,d of them come".formatted(tenants, comers(tenants)));
        var world = begin(tenants);
        worlds.add(world);
        world.explore(bed.stub(), comers(tenants), most, bed.length().seconds(10));
      }
      for (var round = 1; round <= ROUNDS; round++) {
        say("the warm set, round " + round + " of " + ROUNDS);
        for (var world : worlds) {
          world.warmRound(bed.length().seconds(5));
        }
      }
      return tell(worlds);
    } finally {
      worlds.forEach(TenantScenario::close);
    }
  }

  private int comers(int tenants) {
    return Math.min(tenants, most);
  }

  /** Compiled by a single tenant's requests, so that what a second one takes is seen. */
  private TenantScenario begin(int tenants) throws IOException, InterruptedException {
    var known = Math.min(tenants, WARM);
    var warm = new RequestMessages(bed.stub().tokens(known, WARM / known));
    var first = new ArrayList<>(bed.stub().tokens(1, 1));
    first.addAll(bed.stub().quickTokens(0, 1, 1));
    return new TenantScenario(tenants, bed.warm(name() + "-" + tenants, new RequestMessages(first)), warm);
  }

  private static ScaleTable tell(List<TenantScenario> worlds) {
    var grid =
        new ScaleTable(
            "Registered tenants", worlds.stream().map(w -> "%,d".formatted(w.tenants())).toList());
    var first = worlds.getFirst().warmCpu().median();
    row(grid, worlds, "CPU per request, warm set", "µs", w -> w.warmCpu().median());
    row(grid, worlds, "… ÷ at 10 tenants (goal ≤ 1.1)", "", w -> w.warmCpu().median() / first);
    row(grid, worlds, "… lowest of the rounds", "µs", w -> w.warmCpu().low());
    row(grid, worlds, "… highest of the rounds", "µs", w -> w.warmCpu().high());
    row(grid, worlds, "cold: tenants that came", "", w -> w.cold().tenants());
    row(grid, worlds, "cold: CPU per request, ledger included", "µs", w -> w.cold().cpu());
    memory(grid, worlds);
    sizes(grid, worlds);
    notes(grid);
    return grid;
  }

  private static void memory(ScaleTable grid, List<TenantScenario> worlds) {
    row(grid, worlds, "live heap, one tenant", "MiB", w -> ProductProcess.mebibytes(w.heapBefore()));
    row(grid, worlds, "… once all had come", "MiB", w -> ProductProcess.mebibytes(w.cold().last()));
    row(grid, worlds, "heap an active tenant", "KiB", TenantScenario::kibibytesATenant);
    row(grid, worlds, "resident memory in the end", "MiB", TenantScenario::resident);
  }

  private static void sizes(ScaleTable grid, List<TenantScenario> worlds) {
    row(grid, worlds, "remembered tokens (≤ 40,000)", "", w -> w.count("identity.VerifiedToken"));
    row(grid, worlds, "tenants' credentials (about 10,000)", "", w -> w.count("isolation.Lease"));
    row(grid, worlds, "tallies (≤ 200,000)", "", w -> w.count("metering.Tally"));
    row(grid, worlds, "series (≤ 101)", "", w -> w.count("observability.TenantCount"));
  }

  private static void notes(ScaleTable grid) {
    grid.note("Warm: the same 1,000 callers, of 1,000 tenants (of 10 where there are 10), RS256.");
    grid.note(
        "Cold: a tenant's first request (ES256 verified, AssumeRole, query) and its share of the"
            + " ledger. Where 10 or 1,000 come, what goes on in the background weighs more.");
    grid.note(
        "An active tenant's heap: what the first 8,000 who came added after a full collection, while"
            + " all of them were known; sizes are of that kind too, once all had come.");
    grid.note(
        "Credentials and tokens overflow here. Tallies don't: from half of their bound on, what is"
            + " written to the journal is dropped each second.");
  }

  private void say(String what) {
    System.out.printf("%5d s  %s%n", (System.nanoTime() - started) / 1_000_000_000, what);
  }

  private static void row(
      ScaleTable grid, List<TenantScenario> worlds, String label, String unit, ToDoubleFunction<TenantScenario> figure) {
    grid.add(label, unit, worlds.stream().mapToDouble(figure).toArray());
  }
}
