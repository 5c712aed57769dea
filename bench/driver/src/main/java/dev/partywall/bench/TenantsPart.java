package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * From ten tenants to a million. In each world the warm set is asked for; then every tenant comes
 * once, or as many as there is time for; then the warm set again, in alternation between the
 * worlds.
 */
final class TenantsPart implements Part {
  private static final List<Integer> WORLDS = List.of(10, 1_000, 100_000, 1_000_000);
  private static final int WARM = 1_000;
  private static final int ROUNDS = 3;

  private final Bed bed;
  private final int most;

  /** Of a world's tenants, at most {@code most} come in the cold case. */
  TenantsPart(Bed bed, int most) {
    this.bed = bed;
    this.most = most;
  }

  @Override
  public String name() {
    return "tenants";
  }

  @Override
  public Grid run() throws IOException, InterruptedException {
    var worlds = new ArrayList<World>();
    try {
      for (var tenants : WORLDS) {
        var world = begin(tenants);
        worlds.add(world);
        explore(world);
      }
      for (var round = 0; round < ROUNDS; round++) {
        for (var world : worlds) {
          world.warmRound(bed.length().seconds(5));
        }
      }
      return tell(worlds);
    } finally {
      worlds.forEach(World::close);
    }
  }

  private World begin(int tenants) throws IOException, InterruptedException {
    var warm = new Requests(bed.stub().tokens(Math.min(tenants, WARM), 1));
    var specimen = bed.warm(name() + "-" + tenants, warm);
    return new World(tenants, specimen, warm);
  }

  private void explore(World world) throws IOException, InterruptedException {
    world.before(bed.length().seconds(20));
    world.cold(bed.stub(), bed.length().count(Math.min(world.tenants(), most)));
  }

  private static Grid tell(List<World> worlds) throws IOException, InterruptedException {
    var grid =
        new Grid(
            "Registered tenants", worlds.stream().map(w -> "%,d".formatted(w.tenants())).toList());
    for (var world : worlds) {
      world.after(Duration.ofSeconds(5));
    }
    row(grid, worlds, "CPU per request, warm set, after everybody came", "µs", World::warmCpu);
    var first = worlds.getFirst().warmCpu();
    row(grid, worlds, "… ÷ at 10 tenants (goal ≤ 1.1)", "", w -> w.warmCpu() / first);
    row(grid, worlds, "cold: tenants that came", "", w -> w.cold().tenants());
    row(grid, worlds, "cold: CPU per request, ledger included", "µs", w -> w.cold().cpu());
    row(grid, worlds, "resident memory", "MB", World::resident);
    row(grid, worlds, "live heap, warm set alone", "MB", w -> Specimen.megabytes(w.heapBefore()));
    row(
        grid,
        worlds,
        "live heap, after everybody came",
        "MB",
        w -> Specimen.megabytes(w.heapAfter()));
    row(grid, worlds, "… a tenant that came", "KB", World::kilobytesATenant);
    sizes(grid, worlds);
    notes(grid);
    return grid;
  }

  private static void sizes(Grid grid, List<World> worlds) {
    row(grid, worlds, "remembered tokens (≤ 40,000)", "", w -> w.peak("identity.VerifiedToken"));
    row(grid, worlds, "tenants' credentials (about 10,000)", "", w -> w.peak("isolation.Lease"));
    row(grid, worlds, "tallies (≤ 200,000)", "", w -> w.peak("metering.Tally"));
    row(
        grid,
        worlds,
        "named tenants' series (≤ 100, and other)",
        "",
        w -> w.peak("observability.TenantCount"));
  }

  private static void notes(Grid grid) {
    grid.note("Warm: the same 1,000 tenants (10 where there are 10), a user each, RS256.");
    grid.note(
        "Cold: a tenant's first request (ES256 verified, AssumeRole, query) and its share of the ledger.");
    grid.note(
        "The first 1,000 who come are the warm set with new tokens: their credentials are there.");
    grid.note("Sizes are instances that live after a full collection, right after the cold case.");
  }

  private static void row(
      Grid grid, List<World> worlds, String label, String unit, ToDoubleFunction<World> figure) {
    grid.add(label, unit, worlds.stream().mapToDouble(figure).toArray());
  }
}
