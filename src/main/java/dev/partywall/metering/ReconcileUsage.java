package dev.partywall.metering;

import static java.util.stream.Collectors.toMap;

import dev.partywall.storage.Marks;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code reconcile-usage [--from … --to … --tenant …]}: counts the orders that were placed, in the
 * tenants' own tables, and compares with the ledger, by tenant and hour. Where they are left out it
 * is yesterday and today (UTC), and all tenants that the ledger has heard of.
 *
 * <p>The ledger hears of a tenant before its first order of a day is written: a tenant of which no
 * order was ever counted is found, too. One whose listing was lost together with the table (by a
 * backup that was restored, say) is not: the service's credentials can't look for tenants among the
 * orders. It is compared when it is named.
 */
public final class ReconcileUsage {
  private static final Duration LONGEST = Duration.ofDays(400);

  /** What was answered is in the ledger after that. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(10);

  private final Ledger ledger;
  private final Reconciliation reconciliation;
  private final InstantSource clock;
  private final Pause pause;

  /** Lets time pass. */
  @FunctionalInterface
  public interface Pause {
    /** Waits for that long. */
    void of(Duration time) throws InterruptedException;
  }

  /**
   * Compares that ledger with the orders.
   *
   * @param marks by a client whose credentials are the bound tenant's
   * @param tenants whom to bind for an id
   */
  public ReconcileUsage(
      Ledger ledger,
      Marks marks,
      Function<TenantId, Tenant> tenants,
      InstantSource clock,
      Pause pause) {
    this.ledger = ledger;
    this.reconciliation = new Reconciliation(ledger, new OrderCounts(marks, ledger, tenants));
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Runs the command. A line is printed for each hour that differs, and one at the end.
   *
   * @param args behind its name
   * @return the exit code: 0, 1 when there is a difference, or 2 when the arguments don't hold
   * @throws RuntimeException when not everything could be compared
   */
  public int run(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
    var options = new Options(args, Set.of("--from", "--to", "--tenant"));
    var now = clock.instant();
    var yesterday = now.truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);
    var from = options.instant("--from").orElse(yesterday);
    var to = options.instant("--to").orElse(now);
    var one = options.tenant("--tenant");
    var period = options.period(from, to, LONGEST);
    if (!options.hold(err)) {
      return 2;
    }
    var slots = Reconciliation.slots(one.map(Set::of).orElseGet(() -> tenants(period)), period);
    var differences = differences(slots);
    differences.forEach(it -> out.print(line(it)));
    out.printf("%d hours compared, %d differ%n", slots.size(), differences.size());
    out.flush();
    return differences.isEmpty() ? 0 : 1;
  }

  /** What differs is looked at again after a while: it may have been on its way. */
  private List<Reconciliation.Difference> differences(List<Usage.Slot> slots)
      throws InterruptedException {
    var differences = reconciliation.differences(slots);
    if (differences.isEmpty()) {
      return differences;
    }
    pause.of(ON_ITS_WAY);
    var doubtful = differences.stream().map(Reconciliation.Difference::slot).toList();
    var before = differences.stream().collect(toMap(it -> it.slot(), it -> it.orders()));
    // Orders are placed meanwhile: what the ledger lacks of the first look is missing, and what it
    // has beyond the second one never was.
    return reconciliation.differences(doubtful).stream()
        .filter(it -> it.ledger() < before.getOrDefault(it.slot(), 0L) || it.ledger() > it.orders())
        .toList();
  }

  /** Also those whose first order is noted but not counted. */
  private Set<TenantId> tenants(Period period) {
    var tenants = new HashSet<>(ledger.tenants(period.from(), period.to()));
    new OpenHours(ledger).all().forEach(note -> tenants.add(note.slot().tenant()));
    return tenants;
  }

  private static String line(Reconciliation.Difference it) {
    var slot = it.slot();
    return "%s %s ledger=%d orders=%d%n"
        .formatted(slot.tenant(), slot.hour(), it.ledger(), it.orders());
  }
}
