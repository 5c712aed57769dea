package dev.partywall.metering;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;

/**
 * A tenant's usage of one measure in one hour, as a CloudEvents 1.0 event in JSON.
 *
 * <p>Each measure has an event, because billing systems count by measure:
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
 * <p>The id consists of tenant, hour and measure only. An hour that is exported twice has the same
 * ids, and the receiver drops the duplicates. Pass on only {@code final} hours: the values of other
 * hours may still grow.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">
 *     JSON Event Format for CloudEvents</a>
 */
record CloudEvent(Usage usage, UsageMeter measure, boolean isFinal) {
  private static final String TYPE = "dev.partywall.usage.v1";
  private static final String SOURCE = "/partywall/usage";

  /** Returns the event as one line, without a line separator. */
  String toJson() {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("specversion", "1.0").put("id", id()).put("source", SOURCE).put("type", TYPE);
    node.put("subject", usage.tenant().value()).put("time", usage.hour().toString());
    node.put("datacontenttype", "application/json").put("final", isFinal);
    var data = node.putObject("data").put("meter", measure.label());
    UsageFormats.put(data, "value", measure.units(usage.amounts().steps(measure)));
    data.put("from", usage.hour().toString());
    data.put("to", usage.hour().plus(Duration.ofHours(1)).toString());
    return node.toString();
  }

  private String id() {
    return usage.tenant() + "/" + usage.hour() + "/" + measure.label();
  }
}
