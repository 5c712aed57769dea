package dev.partywall.metering.commands;

import dev.partywall.metering.billing.Period;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.ledger.LedgerHour;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code export-usage --from … --to … [--changed-since …] [--source …]}: writes the usage of all
 * tenants in a period as {@link UsageEvent}s, one per line.
 *
 * <p>Usage that reaches the ledger late, after a crash, is an event of its own: a correction. So
 * the value of a {@code final} event never changes.
 *
 * <p>{@code --changed-since} selects the events that were created, changed or became final since
 * then. If each run states the start of the previous one, every event is exported as final.
 */
public final class ExportUsage {
  /**
   * Time after the start of an hour at which its usage is final. Longer than {@link
   * Ledger#LATE_AFTER} by 30 minutes: the clocks of the instances and of this command may differ by
   * less.
   */
  static final Duration FINAL_AFTER = Duration.ofHours(2);

  /**
   * The age of the oldest hours that an export of changes contains by default, before the time
   * since which it exports. Journals are not shipped when they are older.
   */
  private static final Duration CHANGE_PERIOD = Duration.ofDays(35);

  /**
   * How much further an export of changes reaches back: 30 minutes for the difference between the
   * clocks, and 5 minutes for a write in progress, whose timestamp is older than its arrival.
   */
  private static final Duration CHANGE_MARGIN = Duration.ofMinutes(35);

  private static final Duration MAX_PERIOD = Duration.ofDays(400);
  private static final String FROM = "--from";
  private static final String TO = "--to";
  private static final String CHANGED_SINCE = "--changed-since";
  private static final String SOURCE = "--source";

  private final Ledger ledger;
  private final InstantSource clock;

  /**
   * The parts of the usage to export.
   *
   * @param changedSince selects the changes at this time or later, with the margin subtracted
   * @param source the source of the events; the ledger's ARN by default
   */
  private record Selection(Period period, Optional<Instant> changedSince, Optional<String> source) {
    boolean includes(Instant change) {
      return changedSince.isEmpty() || !change.isBefore(changedSince.get());
    }
  }

  /** Creates the command for the ledger. */
  public ExportUsage(Ledger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Returns the faults of the arguments, one line each. */
  public static List<String> faults(List<String> args, InstantSource clock) {
    var options = options(args);
    var _ = selection(options, clock);
    return options.faults();
  }

  /**
   * Runs the command.
   *
   * @param args the arguments after the command name
   * @return the exit code: 0, 2 for invalid arguments, or 4 if not all events could be written
   */
  public int run(List<String> args, PrintStream out, PrintStream err) {
    var options = options(args);
    var selection = selection(options, clock);
    return options.validate(err) ? export(selection, out, err) : 2;
  }

  private static CommandOptions options(List<String> args) {
    return new CommandOptions(args, Set.of(FROM, TO, CHANGED_SINCE, SOURCE));
  }

  private static Selection selection(CommandOptions options, InstantSource clock) {
    var changedSince =
        options.optionalInstant(CHANGED_SINCE).map(since -> since.minus(CHANGE_MARGIN));
    var source = options.text(SOURCE);
    source
        .filter(text -> !isUriReference(text))
        .ifPresent(_ -> options.fault(SOURCE, "must be a URI reference"));
    if (options.text(CHANGED_SINCE).isEmpty()) {
      var from = options.requiredHour(FROM);
      return new Selection(period(options, from, options.requiredHour(TO)), changedSince, source);
    }
    var end = Usage.startOfHour(clock.instant()).plus(1, ChronoUnit.HOURS);
    var oldest = Usage.startOfHour(changedSince.orElse(end)).minus(CHANGE_PERIOD);
    var from = options.optionalHour(FROM).orElse(oldest);
    var to = options.optionalHour(TO).orElse(end);
    return new Selection(period(options, from, to), changedSince, source);
  }

  private static Period period(CommandOptions options, Instant from, Instant to) {
    return options.period(from, to, MAX_PERIOD);
  }

  private static boolean isUriReference(String text) {
    try {
      return !new URI(text).toString().isEmpty();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private int export(Selection selection, PrintStream out, PrintStream err) {
    var source = selection.source().orElseGet(ledger::arn);
    var period = selection.period();
    ledger.tenants(period.from(), period.to()).stream()
        .flatMap(tenant -> ledger.hours(tenant, period.from(), period.to()).stream())
        .flatMap(hour -> events(hour, selection, source))
        .filter(event -> !event.isEmpty())
        .forEach(event -> out.print(event.toJson() + "\n"));
    if (out.checkError()) {
      err.println("The output is incomplete: not all usage could be written");
      return 4;
    }
    return 0;
  }

  private Stream<UsageEvent> events(LedgerHour hour, Selection selection, String source) {
    return ledger.meters().all().stream().flatMap(meter -> events(hour, meter, selection, source));
  }

  /** Returns the event of the usage that was not late, then a correction for each late part. */
  private Stream<UsageEvent> events(
      LedgerHour hour, UsageMeter meter, Selection selection, String source) {
    var tenantHour = hour.usage().tenantHour();
    var finalAt = tenantHour.hour().plus(FINAL_AFTER);
    var isFinal = finalAt.isBefore(clock.instant());
    var first =
        Stream.of(hour)
            .filter(each ->
                selection.includes(each.changedAt()) || (isFinal && selection.includes(finalAt)))
            .map(each ->
                new UsageEvent(
                    source, tenantHour, meter, each.onTime(), Optional.empty(), isFinal));
    var corrections =
        hour.late().stream()
            .filter(part -> selection.includes(part.recordedAt()))
            .map(part ->
                new UsageEvent(source, tenantHour, meter, part.amounts(), Optional.of(part), true));
    return Stream.concat(first, corrections);
  }
}
