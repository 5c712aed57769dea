package dev.partywall.metering.commands;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.metering.billing.Period;
import dev.partywall.metering.commands.ComparableHours.Incomparable;
import dev.partywall.metering.counting.HourlyCounts;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * {@code reconcile-usage [--from … --to … --tenant …]}: counts the writes of each declared meter in
 * the tenants' own tables and compares the counts with the ledger, by tenant, hour and meter. The
 * defaults are yesterday and today (UTC), and all tenants registered in the ledger. The hours
 * before the newest import of a tenant, and those of a deleted tenant, cannot be compared.
 *
 * <p>A tenant is registered before its first counted write of a day, so tenants without any count
 * in the ledger are detected. A tenant whose registration was lost with the table, for example
 * after restoring a backup, is not detected, because the service's credentials cannot search the
 * service's table for tenants. Name such a tenant to compare it.
 */
public final class ReconcileUsage {
  private static final Duration MAX_PERIOD = Duration.ofDays(400);
  private static final int INVALID = 2;

  /** After this time, the ledger includes all acknowledged usage. */
  private static final Duration SETTLING_TIME = Duration.ofSeconds(10);

  private final Ledger ledger;
  private final HourlyCounts counts;
  private final ComparableHours comparable;
  private final InstantSource clock;
  private final Pause pause;

  /** Pauses the command. */
  @FunctionalInterface
  public interface Pause {
    /** Waits for the duration. */
    void sleep(Duration time) throws InterruptedException;
  }

  /** A meter in a tenant's hour. */
  private record MeterHour(Usage.TenantHour tenantHour, UsageMeter meter) {
    static final Comparator<MeterHour> BY_TENANT_HOUR_AND_METER =
        Comparator.comparing((MeterHour each) -> each.tenantHour.tenant())
            .thenComparing(each -> each.tenantHour.hour())
            .thenComparing(each -> each.meter.label());

    @Override
    public String toString() {
      return tenantHour.tenant() + " " + tenantHour.hour() + " " + meter.label();
    }
  }

  /**
   * Different counts of a meter in an hour.
   *
   * @param ledger the count in the ledger
   * @param counted the count of the markers
   */
  private record Difference(MeterHour meterHour, long ledger, long counted) {
    String line() {
      return "%s ledger=%d counted=%d%n".formatted(meterHour, ledger, counted);
    }
  }

  /**
   * Compares the ledger with the markers of counted writes.
   *
   * @param counts counts the markers
   * @param comparable determines the hours whose markers are complete
   */
  public ReconcileUsage(
      Ledger ledger,
      HourlyCounts counts,
      ComparableHours comparable,
      InstantSource clock,
      Pause pause) {
    this.ledger = ledger;
    this.counts = counts;
    this.comparable = comparable;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * The hours and tenants to compare.
   *
   * @param tenant the only tenant; all tenants by default
   */
  private record Scope(Period period, Optional<MeteredTenant> tenant) {
    static Scope read(CommandOptions options, InstantSource clock) {
      var now = clock.instant();
      var yesterday = now.truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);
      var from = options.optionalHour("--from").orElse(yesterday);
      var nextHour = Usage.startOfHour(now).plus(1, ChronoUnit.HOURS);
      var to = options.optionalHour("--to").orElse(nextHour);
      var tenant = options.tenant("--tenant");
      return new Scope(options.period(from, to, MAX_PERIOD), tenant);
    }
  }

  /** Returns the faults of the arguments, one line each. */
  public static List<String> faults(List<String> args, InstantSource clock) {
    var options = options(args);
    var _ = Scope.read(options, clock);
    return options.faults();
  }

  private static CommandOptions options(List<String> args) {
    return new CommandOptions(args, Set.of("--from", "--to", "--tenant"));
  }

  /**
   * Runs the command. Prints a line for each difference and a summary.
   *
   * @param args the arguments after the command name
   * @return the exit code: 0 without differences, 1 with differences, 2 for invalid arguments or an
   *     unknown tenant
   * @throws RuntimeException if not all hours could be compared
   */
  public int run(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
    var options = options(args);
    var scope = Scope.read(options, clock);
    return options.validate(err) ? reconcile(scope.period(), scope.tenant(), out, err) : INVALID;
  }

  private int reconcile(
      Period period, Optional<MeteredTenant> tenant, PrintStream out, PrintStream err)
      throws InterruptedException {
    var tenants = tenant.map(Set::of).orElseGet(() -> tenants(period));
    var all = tenants.stream().flatMap(id -> tenantHours(id, period)).toList();
    var incomparable = incomparable(tenants);
    var tenantHours = all.stream().filter(hour -> !isIn(incomparable, hour)).toList();
    var differences = settledDifferences(tenantHours);
    // Compared first: a tenant that the ledger lost has counted writes.
    if (differences.isEmpty() && tenant.isPresent() && !isKnown(tenant.get(), period)) {
      err.printf(
          "--tenant: %s is unknown: it is not in the registry, and has neither usage in the ledger"
              + " nor counted writes in this period%n",
          tenant.get());
      return INVALID;
    }
    differences.forEach(difference -> out.print(difference.line()));
    printIncomparable(incomparable, all, out);
    out.printf("%d hours compared, %d differ", tenantHours.size(), hours(differences).size());
    var skipped = all.size() - tenantHours.size();
    out.print(skipped == 0 ? "\n" : ", %d not comparable\n".formatted(skipped));
    out.flush();
    return differences.isEmpty() ? 0 : 1;
  }

  /** Returns the tenants with hours that cannot be compared. */
  private SortedMap<MeteredTenant, Incomparable> incomparable(Set<MeteredTenant> tenants) {
    var found = new ConcurrentSkipListMap<MeteredTenant, Incomparable>();
    BoundedParallel.eachOrThrow(
        tenants,
        tenant -> comparable.incomparable(tenant).ifPresent(hours -> found.put(tenant, hours)));
    return found;
  }

  private static boolean isIn(
      Map<MeteredTenant, Incomparable> incomparable, Usage.TenantHour tenantHour) {
    var hours = incomparable.get(tenantHour.tenant());
    return hours != null && tenantHour.hour().isBefore(hours.before());
  }

  /** Prints a line for each tenant: the number of its hours, and the reason. */
  private static void printIncomparable(
      SortedMap<MeteredTenant, Incomparable> incomparable,
      List<Usage.TenantHour> all,
      PrintStream out) {
    incomparable.forEach((tenant, hours) -> {
      var count =
          all.stream()
              .filter(hour -> hour.tenant().equals(tenant) && isIn(incomparable, hour))
              .count();
      if (count > 0) {
        out.printf("%s %d hours not comparable: %s%n", tenant, count, hours.reason());
      }
    });
  }

  /** Compares differing hours again after a while: their counts may not have reached the ledger. */
  private List<Difference> settledDifferences(List<Usage.TenantHour> tenantHours)
      throws InterruptedException {
    var before = differences(tenantHours);
    if (before.isEmpty()) {
      return before;
    }
    pause.sleep(SETTLING_TIME);
    var countedBefore = before.stream().collect(toMap(Difference::meterHour, Difference::counted));
    // New writes arrive between the comparisons. A write is missing if the ledger is still below
    // the first count; the ledger is too high if it exceeds the second count.
    return differences(hours(before)).stream()
        .filter(after ->
            after.ledger() < countedBefore.getOrDefault(after.meterHour(), 0L)
                || after.ledger() > after.counted())
        .toList();
  }

  private static Set<Usage.TenantHour> hours(List<Difference> differences) {
    return differences.stream().map(each -> each.meterHour().tenantHour()).collect(toSet());
  }

  /** Returns the different counts of the hours. */
  private List<Difference> differences(Collection<Usage.TenantHour> tenantHours) {
    Queue<Difference> found = new ConcurrentLinkedQueue<>();
    BoundedParallel.eachOrThrow(tenantHours, tenantHour -> found.addAll(differences(tenantHour)));
    return found.stream()
        .sorted(Comparator.comparing(Difference::meterHour, MeterHour.BY_TENANT_HOUR_AND_METER))
        .toList();
  }

  private List<Difference> differences(Usage.TenantHour tenantHour) {
    var inLedger = amounts(tenantHour);
    return counts.count(tenantHour).entrySet().stream()
        .map(count ->
            new Difference(
                new MeterHour(tenantHour, count.getKey()),
                inLedger.steps(count.getKey()),
                count.getValue()))
        .filter(difference -> difference.ledger() != difference.counted())
        .toList();
  }

  private Amounts amounts(Usage.TenantHour tenantHour) {
    var hour = tenantHour.hour();
    return ledger.usage(tenantHour.tenant(), hour, hour.plus(1, ChronoUnit.HOURS)).stream()
        .map(Usage::amounts)
        .reduce(Amounts.ZERO, Amounts::plus);
  }

  private boolean isKnown(MeteredTenant tenant, Period period) {
    return tenants(period).contains(tenant) || comparable.isRegistered(tenant);
  }

  /** Returns the tenants in the ledger and those with uncounted hours. */
  private Set<MeteredTenant> tenants(Period period) {
    var tenants = new HashSet<>(ledger.tenants(period.from(), period.to()));
    new UncountedHours(ledger).marks().forEach(mark -> tenants.add(mark.tenantHour().tenant()));
    return tenants;
  }

  private static Stream<Usage.TenantHour> tenantHours(MeteredTenant tenant, Period period) {
    return Stream.iterate(
            period.from(),
            hour -> hour.isBefore(period.to()),
            hour -> hour.plus(1, ChronoUnit.HOURS))
        .map(hour -> new Usage.TenantHour(tenant, hour));
  }
}
