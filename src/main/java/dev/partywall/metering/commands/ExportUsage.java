package dev.partywall.metering.commands;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.metering.billing.Period;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
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

  /**
   * A tenant's usage of one meter in one hour, as a CloudEvents 1.0 event in JSON.
   *
   * <p>Each meter has an event, because billing systems count by meter:
   *
   * <table>
   * <caption>Mapping of fields</caption>
   * <tr><th></th><th>{@code id}</th><th>{@code subject}</th><th>{@code data.meter}</th>
   * <th>{@code data.value}</th><th>{@code time}</th></tr>
   * <tr><td>OpenMeter</td><td>{@code id}</td><td>{@code subject}</td><td>{@code type} or group by</td>
   * <td>value property</td><td>{@code time}</td></tr>
   * <tr><td>Stripe meter events</td><td>{@code identifier}</td><td>{@code stripe_customer_id}</td>
   * <td>{@code event_name}</td><td>{@code payload.value}</td><td>{@code timestamp}</td></tr>
   * <tr><td>Lago</td><td>{@code transaction_id}</td><td>{@code external_subscription_id}</td>
   * <td>{@code code}</td><td>a property</td><td>{@code timestamp}</td></tr>
   * <tr><td>AWS Marketplace</td><td>none</td><td>{@code CustomerIdentifier}</td>
   * <td>{@code Dimension}</td><td>{@code Quantity}</td><td>{@code Timestamp}</td></tr>
   * </table>
   *
   * <p>The id consists of tenant, hour and meter only. An hour that is exported twice has the same
   * ids, and the receiver drops the duplicates. Pass on only {@code final} hours: the values of
   * other hours may still grow.
   *
   * @see <a
   *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">
   *     JSON Event Format for CloudEvents</a>
   */
  private record CloudEvent(String source, Usage usage, UsageMeter meter, boolean isFinal) {
    private static final String TYPE = "dev.partywall.usage.v1";

    /** Returns the event as one line, without a line separator. */
    String toJson() {
      var node = JsonNodeFactory.instance.objectNode();
      node.put("specversion", "1.0").put("id", id()).put("source", source).put("type", TYPE);
      node.put("subject", usage.tenant().value()).put("time", usage.hour().toString());
      node.put("datacontenttype", "application/json").put("final", isFinal);
      var data = node.putObject("data").put("meter", meter.label());
      data.put("value", meter.units(usage.amounts().steps(meter)));
      data.put("from", usage.hour().toString());
      data.put("to", usage.hour().plus(Duration.ofHours(1)).toString());
      return node.toString();
    }

    private String id() {
      return usage.tenant() + "/" + usage.hour() + "/" + meter.label();
    }
  }

  private final Ledger ledger;
  private final InstantSource clock;
  private final String source;

  /**
   * Creates the command for the ledger.
   *
   * @param source the source of the events, a URI reference
   */
  public ExportUsage(Ledger ledger, InstantSource clock, String source) {
    this.ledger = ledger;
    this.clock = clock;
    this.source = source;
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
    return options.validate(err) ? export(period, out, err) : 2;
  }

  private int export(Period period, PrintStream out, PrintStream err) {
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
    ledger.meters().all().stream()
        .filter(meter -> usage.amounts().steps(meter) != 0)
        .map(meter -> new CloudEvent(source, usage, meter, settled).toJson())
        .forEach(line -> out.print(line + "\n"));
  }
}
