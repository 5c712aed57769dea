package dev.partywall.metering;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The tenants' hours that may have uncounted orders. They are stored in the usage table, so they
 * survive the loss of any instance or disk.
 */
record OpenHours(Ledger ledger) {
  /**
   * The mark of an hour with possibly uncounted orders.
   *
   * @param nonce differs for each write of the mark
   */
  record Note(Usage.Slot slot, UUID nonce) {}

  /**
   * Marks an hour, even if it is marked already. Registers its tenant under the day first: marks
   * are removed some day, but reconciliation never misses a registered tenant.
   */
  void write(Note mark) {
    ledger.list(mark.slot());
    var item = new HashMap<>(LedgerItem.open(mark.slot()));
    item.put(LedgerItem.NONCE, AttributeValue.fromS(mark.nonce().toString()));
    table()
        .call(
            "PutItem",
            () -> table().client().putItem(put -> put.tableName(table().name()).item(item)));
  }

  /** Returns the marks of all uncounted hours. */
  List<Note> all() {
    return IntStream.range(0, LedgerItem.SHARDS)
        .mapToObj(LedgerItem::openPartition)
        .flatMap(partition -> table().items(partition).stream())
        .map(LedgerItem::note)
        .toList();
  }

  /** Removes a mark, unless another instance has renewed it meanwhile. */
  void strike(Note mark) {
    try {
      table()
          .call(
              "DeleteItem",
              () ->
                  table()
                      .client()
                      .deleteItem(delete ->
                          delete
                              .tableName(table().name())
                              .key(LedgerItem.open(mark.slot()))
                              .conditionExpression("n = :n")
                              .expressionAttributeValues(
                                  Map.of(":n", AttributeValue.fromS(mark.nonce().toString())))));
    } catch (ConditionalCheckFailedException _) {
      // The hour remains marked.
    }
  }

  private LedgerTable table() {
    return ledger.table();
  }
}
