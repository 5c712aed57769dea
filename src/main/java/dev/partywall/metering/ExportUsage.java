package dev.partywall.metering;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * {@code export-usage --from … --to …}: all tenants' usage in a period as {@link CloudEvent}s, one
 * a line.
 */
public final class ExportUsage {
  /**
   * From its beginning on. What comes later is what a crashed instance had on its disk, and ships
   * when it is started again.
   */
  private static final Duration FINAL_AFTER = Duration.ofHours(2);

  private static final Duration LONGEST = Duration.ofDays(400);

  private final Ledger ledger;
  private final InstantSource clock;

  /** Exports from that ledger. */
  public ExportUsage(Ledger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Runs the command.
   *
   * @param args behind its name
   * @return the exit code: 0, 2 when the arguments don't hold, or 4 when not all could be written
   */
  public int run(List<String> args, PrintStream out, PrintStream err) {
    var options = new Options(args, Set.of("--from", "--to"));
    var from = options.required("--from");
    var to = options.required("--to");
    var period = options.period(from, to, LONGEST);
    if (!options.hold(err)) {
      return 2;
    }
    ledger.tenants(period.from(), period.to()).stream()
        .flatMap(tenant -> ledger.usage(tenant, period.from(), period.to()).stream())
        .forEach(usage -> export(usage, out));
    if (out.checkError()) {
      err.println("not all of it could be written: what is there is not the whole usage");
      return 4;
    }
    return 0;
  }

  private void export(Usage usage, PrintStream out) {
    var settled = usage.hour().plus(FINAL_AFTER).isBefore(clock.instant());
    Measure.ALL.stream()
        .filter(measure -> usage.amounts().steps(measure) != 0)
        .map(measure -> new CloudEvent(usage, measure, settled).json())
        .forEach(line -> out.print(line + "\n"));
  }
}
