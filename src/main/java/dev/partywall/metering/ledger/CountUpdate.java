package dev.partywall.metering.ledger;

import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Raises the count of a meter in a tenant's hour, and never lowers it. */
record CountUpdate(LedgerTable table, Usage.TenantHour tenantHour, UsageMeter meter, long count) {
  /**
   * Raises the count.
   *
   * @param late whether the increase is recorded as late usage
   */
  void apply(Instant now, boolean late) {
    if (!late) {
      // If the condition fails, the ledger has this count or a higher one.
      var _ = update(change().changedAt(now), "<", count);
      return;
    }
    var previous = storedCount();
    while (previous < count && !applyLate(now, previous)) {
      previous = storedCount();
    }
  }

  /** Returns false if the count is not {@code previous} any more. */
  private boolean applyLate(Instant now, long previous) {
    var id = meter.attribute() + "." + count; // a meter reaches a count once
    var part = new LateUsage(id, now, Amounts.of(meter, count - previous));
    return update(change().appending(part), "=", previous);
  }

  private long storedCount() {
    return table
        .item(tenantHour.tenant().key(), LedgerItem.hourSortKey(tenantHour.hour()))
        .map(item -> LedgerItem.steps(meter, item))
        .orElse(0L);
  }

  private HourUpdate change() {
    return new HourUpdate().setting(meter.attribute(), LedgerItem.number(meter, count));
  }

  /** Returns false if the stored count exists and does not compare like this. */
  private boolean update(HourUpdate change, String operator, long compared) {
    var name = "#" + meter.attribute();
    Map<String, AttributeValue> values = Map.of(":compared", LedgerItem.number(meter, compared));
    try {
      table.update(update ->
          update
              .key(LedgerItem.hourItemKey(tenantHour))
              .updateExpression(change.expression())
              .conditionExpression(
                  "attribute_not_exists(%s) OR %s %s :compared".formatted(name, name, operator))
              .expressionAttributeNames(change.names())
              .expressionAttributeValues(change.values(values)));
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
    }
  }
}
