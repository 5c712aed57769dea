package dev.partywall.metering;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;

/**
 * What a tenant used of one measure in one hour, as an event of CloudEvents 1.0 in JSON.
 *
 * <p>An event for each measure, because that is what those who take usage count by:
 *
 * <table>
 *   <caption>Which field goes where</caption>
 *   <tr><th></th><th>{@code id}</th><th>{@code subject}</th><th>{@code data.meter}</th>
 *       <th>{@code data.value}</th><th>{@code time}</th></tr>
 *   <tr><td>OpenMeter</td><td>{@code id}</td><td>{@code subject}</td><td>{@code type} or group by</td>
 *       <td>value property</td><td>{@code time}</td></tr>
 *   <tr><td>Stripe meter events</td><td>{@code identifier}</td><td>{@code stripe_customer_id}</td>
 *       <td>{@code event_name}</td><td>{@code payload.value}</td><td>{@code timestamp}</td></tr>
 *   <tr><td>Lago</td><td>{@code transaction_id}</td><td>{@code external_subscription_id}</td>
 *       <td>{@code code}</td><td>a property</td><td>{@code timestamp}</td></tr>
 *   <tr><td>AWS Marketplace</td><td>none</td><td>{@code CustomerIdentifier}</td>
 *       <td>{@code Dimension}</td><td>{@code Quantity}</td><td>{@code Timestamp}</td></tr>
 * </table>
 *
 * <p>The id is made of tenant, hour and measure and of nothing else: an hour that is exported twice
 * has the same ids, and who takes events drops the second. So only hours that are {@code final}
 * should be passed on: the value of another may still grow.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">
 *     JSON Event Format for CloudEvents</a>
 */
record CloudEvent(Usage usage, Measure measure, boolean settled) {
  private static final String TYPE = "dev.partywall.usage.v1";
  private static final String SOURCE = "/partywall/usage";

  /** One line, without its end. */
  String json() {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("specversion", "1.0").put("id", id()).put("source", SOURCE).put("type", TYPE);
    node.put("subject", usage.tenant().value()).put("time", usage.hour().toString());
    node.put("datacontenttype", "application/json").put("final", settled);
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
