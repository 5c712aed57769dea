package dev.partywall.metering;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * {@code export-usage --from … --to …}: writes the usage of all tenants in a period as {@link
 * CloudEvent}s, one per line.
 */
public final class ExportUsage {
  /**
   * Time after the start of an hour at which its usage is final. Later usage comes only from the
   * disk of a crashed instance, which ships it after a restart.
   */
  private static final Duration FINAL_AFTER = Duration.ofHours(2);

  private static final Duration MAX_PERIOD = Duration.ofDays(400);

  private final Ledger ledger;
  private final InstantSource clock;

  /** Creates the command for the ledger. */
  public ExportUsage(Ledger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Runs the command.
   *
   * @param args the arguments after the command name
   * @return the exit code: 0, 2 for invalid arguments, or 4 if not all events could be written
   */
  public int run(List<String> args, PrintStream out, PrintStream err) {
    var options = new CommandOptions(args, Set.of("--from", "--to"));
    var from = options.requiredInstant("--from");
    var to = options.requiredInstant("--to");
    var period = options.period(from, to, MAX_PERIOD);
    if (!options.validate(err)) {
      return 2;
    }
    ledger.tenants(period.from(), period.to()).stream()
        .flatMap(tenant -> ledger.usage(tenant, period.from(), period.to()).stream())
        .forEach(usage -> export(usage, out));
    if (out.checkError()) {
      err.println("The output is incomplete: not all usage could be written");
      return 4;
    }
    return 0;
  }

  private void export(Usage usage, PrintStream out) {
    var settled = usage.hour().plus(FINAL_AFTER).isBefore(clock.instant());
    UsageMeter.ALL.stream()
        .filter(measure -> usage.amounts().steps(measure) != 0)
        .map(measure -> new CloudEvent(usage, measure, settled).toJson())
        .forEach(line -> out.print(line + "\n"));
  }
}
