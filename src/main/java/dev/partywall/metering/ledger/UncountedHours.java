package dev.partywall.metering.ledger;

import dev.partywall.metering.meter.Usage;
import dev.partywall.storage.Attributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The open hours: the tenants' hours that may have uncounted writes. Each has a mark. The marks are
 * stored in the usage table, so they survive the loss of any instance or disk.
 */
public record UncountedHours(Ledger ledger) {
  /**
   * The mark of an hour with possibly uncounted writes.
   *
   * @param nonce differs for each write of the mark
   */
  public record HourMark(Usage.TenantHour tenantHour, UUID nonce) {}

  /**
   * Marks an hour, even if it is marked already. Registers its tenant under the day first: marks
   * are removed some day, but reconciliation never misses a registered tenant.
   */
  public void mark(HourMark mark) {
    ledger.registerTenant(mark.tenantHour());
    var item = new HashMap<>(LedgerItem.uncountedHourKey(mark.tenantHour()));
    item.put(LedgerItem.NONCE, Attributes.text(mark.nonce().toString()));
    ledger.table().put(item);
  }

  /** Returns the marks of all uncounted hours. */
  public List<HourMark> marks() {
    return IntStream.range(0, LedgerItem.SHARDS)
        .mapToObj(LedgerItem::uncountedHoursPartition)
        .flatMap(partition -> ledger.table().items(partition).stream())
        .map(LedgerItem::parseHourMark)
        .toList();
  }

  /** Removes a mark, unless another instance has renewed it meanwhile. */
  public void removeMark(HourMark mark) {
    try {
      ledger
          .table()
          .delete(delete ->
              delete
                  .key(LedgerItem.uncountedHourKey(mark.tenantHour()))
                  .conditionExpression("n = :n")
                  .expressionAttributeValues(
                      Map.of(":n", Attributes.text(mark.nonce().toString()))));
    } catch (ConditionalCheckFailedException _) {
      // The hour remains marked.
    }
  }
}
