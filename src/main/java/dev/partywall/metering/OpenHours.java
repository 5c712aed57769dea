package dev.partywall.metering;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Which hours of which tenants may hold orders that nobody has counted yet. It is in the usage
 * table, so that it outlives every instance and every disk.
 */
record OpenHours(Ledger ledger) {
  /**
   * An hour is open.
   *
   * @param nonce another one each time that somebody notes it
   */
  record Note(Usage.Slot slot, UUID nonce) {}

  /**
   * Notes an hour, also if it is noted already; and first of all lists its tenant under the day. A
   * note is struck one day, but a tenant that is listed is never overlooked by who recounts.
   */
  void write(Note note) {
    ledger.list(note.slot());
    var item = new java.util.HashMap<>(LedgerItem.open(note.slot()));
    item.put(LedgerItem.NONCE, AttributeValue.fromS(note.nonce().toString()));
    table()
        .call(
            "PutItem",
            () -> table().client().putItem(it -> it.tableName(table().name()).item(item)));
  }

  /** All that are noted. */
  List<Note> all() {
    return IntStream.range(0, LedgerItem.SHARDS)
        .mapToObj(LedgerItem::openPartition)
        .flatMap(partition -> table().items(partition).stream())
        .map(LedgerItem::note)
        .toList();
  }

  /** Takes a note away, unless somebody has written it anew meanwhile. */
  void strike(Note note) {
    try {
      table()
          .call(
              "DeleteItem",
              () ->
                  table()
                      .client()
                      .deleteItem(it ->
                          it.tableName(table().name())
                              .key(LedgerItem.open(note.slot()))
                              .conditionExpression("n = :n")
                              .expressionAttributeValues(
                                  Map.of(":n", AttributeValue.fromS(note.nonce().toString())))));
    } catch (ConditionalCheckFailedException _) {
      // It stays open.
    }
  }

  private LedgerTable table() {
    return ledger.table();
  }
}
