package dev.partywall.metering.commands;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.http.Sha256;
import dev.partywall.metering.ledger.LateUsage;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A tenant's usage of one meter in one hour, as a CloudEvents 1.0 event in JSON. Each meter has an
 * event, because billing systems count by meter. The values of all events of an hour and a meter
 * add up to the usage.
 *
 * @param source identifies the deployment, as a URI reference
 * @param correction the late part of the usage that the event states; empty for the usage that was
 *     not late
 * @param isFinal whether the value does not change any more
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">
 *     JSON Event Format for CloudEvents</a>
 */
record UsageEvent(
    String source,
    Usage.TenantHour tenantHour,
    UsageMeter meter,
    Amounts amounts,
    Optional<LateUsage> correction,
    boolean isFinal) {
  private static final String TYPE = "dev.partywall.usage.v1";

  /** 32 characters of base64url: every receiver accepts ids of this length. */
  private static final int ID_BYTES = 24;

  /** Returns whether there is no usage to report. */
  boolean isEmpty() {
    return amounts.steps(meter) == 0;
  }

  /** Returns the event as one line, without a line separator. */
  String toJson() {
    var hour = tenantHour.hour();
    var node = JsonNodeFactory.instance.objectNode();
    node.put("specversion", "1.0").put("id", id()).put("source", source).put("type", TYPE);
    node.put("subject", tenantHour.tenant().key()).put("time", hour.toString());
    node.put("datacontenttype", "application/json").put("final", isFinal);
    var data = node.putObject("data").put("meter", meter.label());
    data.put("value", meter.units(amounts.steps(meter)));
    if (!tenantHour.tenant().isFirst()) {
      data.put("tenant", tenantHour.tenant().id().value());
      data.put("incarnation", tenantHour.tenant().incarnation());
    }
    data.put("from", hour.toString()).put("to", hour.plus(Duration.ofHours(1)).toString());
    correction.ifPresent(part -> data.put("correctedAt", part.recordedAt().toString()));
    return node.toString();
  }

  /**
   * Returns an id that differs between all sources, because some receivers do not compare the
   * source. The same event always has the same id, so a receiver can drop a repeated one. Two
   * deployments with the same source have ids in common, and so have two tables with the same ARN,
   * one after the other.
   */
  private String id() {
    var parts =
        List.of(
            source,
            tenantHour.tenant().key(),
            tenantHour.hour().toString(),
            meter.label(),
            correction.map(LateUsage::id).orElse(""));
    return Sha256.name(parts, ID_BYTES);
  }
}
