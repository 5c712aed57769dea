package dev.partywall.operations.receipt;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of the deletion of a tenant's items.
 *
 * @param startedAt the time before the first item was deleted
 * @param tables the tables that contained items of the tenant
 * @param keysSha256 the hash of the keys of the counted items in their order, in lower-case
 *     hexadecimal: H = SHA-256(H ‖ key), which starts with 32 zero bytes
 * @param verifiedEmptyAt the times at which the table, and then each index, contained no item
 */
public record DeletionResult(
    Instant startedAt,
    List<DeletedTable> tables,
    String keysSha256,
    List<Instant> verifiedEmptyAt) {
  /** Copies the lists, which makes the record immutable. */
  public DeletionResult {
    tables = List.copyOf(tables);
    verifiedEmptyAt = List.copyOf(verifiedEmptyAt);
  }

  /**
   * The items that were deleted from a table.
   *
   * @param name the name of the table
   * @param collections the number of items per collection; count marks are the collection {@code
   *     mark}
   * @param expiring the number of items with an expiry. They are in no collection and not in the
   *     hash, because DynamoDB deletes such items itself, at any time after their expiry
   */
  public record DeletedTable(String name, Map<String, Long> collections, long expiring) {
    /** Copies the map, in the order of the names. */
    public DeletedTable {
      collections = Collections.unmodifiableMap(new TreeMap<>(collections));
    }

    /** Returns the number of deleted items, the expiring ones included. */
    public long items() {
      return collections.values().stream().mapToLong(Long::longValue).sum() + expiring;
    }
  }

  /** Returns the number of deleted items in all tables. */
  public long items() {
    return tables.stream().mapToLong(DeletedTable::items).sum();
  }
}
