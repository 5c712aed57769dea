package dev.partywall.metering;

import static java.util.stream.Collectors.toMap;

import dev.partywall.storage.CountedWrites;
import dev.partywall.tenancy.TenantId;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code reconcile-usage [--from … --to … --tenant …]}: counts the placed orders in the tenants'
 * own tables and compares the counts with the ledger, by tenant and hour. The defaults are
 * yesterday and today (UTC), and all tenants registered in the ledger.
 *
 * <p>A tenant is registered before its first order of a day is written, so tenants without any
 * count in the ledger are detected. A tenant whose registration was lost with the table, for
 * example after restoring a backup, is not detected, because the service's credentials cannot
 * search the orders for tenants. Name such a tenant to compare it.
 */
public final class ReconcileUsage {
  private static final Duration MAX_PERIOD = Duration.ofDays(400);

  /** After this time, the ledger includes all acknowledged usage. */
  private static final Duration SETTLING_TIME = Duration.ofSeconds(10);

  private final Ledger ledger;
  private final Reconciliation reconciliation;
  private final InstantSource clock;
  private final Pause pause;

  /** Pauses the command. */
  @FunctionalInterface
  public interface Pause {
    /** Waits for the duration. */
    void sleep(Duration time) throws InterruptedException;
  }

  /**
   * Compares the ledger with the orders.
   *
   * @param marks counts under the bound tenant's credentials
   */
  public ReconcileUsage(Ledger ledger, CountedWrites marks, InstantSource clock, Pause pause) {
    this.ledger = ledger;
    this.reconciliation = new Reconciliation(ledger, new HourlyOrderCount(marks, ledger));
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Runs the command. Prints a line for each difference and a summary.
   *
   * @param args the arguments after the command name
   * @return the exit code: 0 without differences, 1 with differences, 2 for invalid arguments
   * @throws RuntimeException if not all hours could be compared
   */
  public int run(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
    var options = new CommandOptions(args, Set.of("--from", "--to", "--tenant"));
    var now = clock.instant();
    var yesterday = now.truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);
    var from = options.optionalInstant("--from").orElse(yesterday);
    var to = options.optionalInstant("--to").orElse(now);
    var tenant = options.tenant("--tenant");
    var period = options.period(from, to, MAX_PERIOD);
    if (!options.validate(err)) {
      return 2;
    }
    var tenantHours =
        Reconciliation.tenantHours(tenant.map(Set::of).orElseGet(() -> tenants(period)), period);
    var differences = differences(tenantHours);
    differences.forEach(difference -> out.print(line(difference)));
    out.printf("%d hours compared, %d differ%n", tenantHours.size(), differences.size());
    out.flush();
    return differences.isEmpty() ? 0 : 1;
  }

  /** Compares differing hours again after a while: their counts may not have reached the ledger. */
  private List<Reconciliation.Difference> differences(List<Usage.TenantHour> tenantHours)
      throws InterruptedException {
    var differences = reconciliation.differences(tenantHours);
    if (differences.isEmpty()) {
      return differences;
    }
    pause.sleep(SETTLING_TIME);
    var candidates = differences.stream().map(Reconciliation.Difference::tenantHour).toList();
    var firstCounts =
        differences.stream()
            .collect(
                toMap(Reconciliation.Difference::tenantHour, Reconciliation.Difference::orders));
    // New orders arrive between the comparisons. An order is missing if the ledger is still below
    // the first count; the ledger is too high if it exceeds the second count.
    return reconciliation.differences(candidates).stream()
        .filter(difference ->
            difference.ledger() < firstCounts.getOrDefault(difference.tenantHour(), 0L)
                || difference.ledger() > difference.orders())
        .toList();
  }

  /** Returns the registered tenants and those with uncounted hours. */
  private Set<TenantId> tenants(Period period) {
    var tenants = new HashSet<>(ledger.tenants(period.from(), period.to()));
    new UncountedHours(ledger).marks().forEach(mark -> tenants.add(mark.tenantHour().tenant()));
    return tenants;
  }

  private static String line(Reconciliation.Difference difference) {
    var hour = difference.tenantHour();
    return "%s %s ledger=%d orders=%d%n"
        .formatted(hour.tenant(), hour.hour(), difference.ledger(), difference.orders());
  }
}
