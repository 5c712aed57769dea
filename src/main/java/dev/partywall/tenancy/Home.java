package dev.partywall.tenancy;

import java.util.List;

/**
 * A placement in DynamoDB's terms: all that a tenant's items can be found under, and all that its
 * credentials may touch.
 *
 * @param table the only one
 * @param partitionKeys all that its items lie under, never a pattern
 */
public record Home(String table, List<String> partitionKeys) {
  /** The names of every such table's indexes; DynamoDB takes none under three characters. */
  public static final List<String> INDEXES = List.of("by-i1", "by-i2");

  /** Refuses a home without a partition key: a policy that lists none would hold for all. */
  public Home {
    if (partitionKeys.isEmpty()) {
      throw new IllegalArgumentException("a home without a partition key");
    }
    partitionKeys = List.copyOf(partitionKeys);
  }

  /**
   * The partition key that the item of that id lies under. It must never change, or items that were
   * written before are not found any more; {@link String#hashCode()} is fixed by its specification.
   */
  public String partitionKeyOf(String id) {
    return partitionKeys.get(Math.floorMod(id.hashCode(), partitionKeys.size()));
  }
}
