package dev.partywall.tenancy;

import java.util.List;

/**
 * The DynamoDB location of a tenant's items: the table and the partition keys. The tenant's
 * credentials are limited to it.
 *
 * @param table the name of the table
 * @param partitionKeys all partition keys of the tenant, never a pattern
 */
public record TenantLocation(String table, List<String> partitionKeys) {
  /** The names of the indexes of each table; DynamoDB requires at least three characters. */
  public static final List<String> INDEXES = List.of("by-i1", "by-i2");

  /** Rejects an empty list of partition keys: a policy that lists none would match all. */
  public TenantLocation {
    if (partitionKeys.isEmpty()) {
      throw new IllegalArgumentException("a location has at least one partition key");
    }
    partitionKeys = List.copyOf(partitionKeys);
  }

  /**
   * Returns the partition key of an item id. The mapping must never change, or existing items
   * cannot be found. {@link String#hashCode()} is fixed by its specification.
   */
  public String partitionKeyOf(String id) {
    return partitionKeys.get(Math.floorMod(id.hashCode(), partitionKeys.size()));
  }
}
