package dev.partywall.tenancy;

import java.util.List;

/**
 * The DynamoDB location of a tenant's items: the table, the partition keys and the prefix of the
 * sort keys. The tenant's credentials are limited to the table and the partition keys.
 *
 * @param table the name of the table
 * @param partitionKeys all partition keys of the tenant, never a pattern
 * @param contentRevision the revision of the content that the tenant's requests read and write. Its
 *     sort keys have a prefix of their own, so the revisions have no item in common
 */
public record TenantLocation(String table, List<String> partitionKeys, int contentRevision) {
  /** The revision of a content that no import has replaced. */
  public static final int FIRST_REVISION = 1;

  /** The names of the indexes of each table; DynamoDB requires at least three characters. */
  public static final List<String> INDEXES = List.of("by-i1", "by-i2");

  /** Rejects an empty list of partition keys: a policy that lists none would match all. */
  public TenantLocation {
    if (partitionKeys.isEmpty()) {
      throw new IllegalArgumentException("a location has at least one partition key");
    }
    if (contentRevision < FIRST_REVISION) {
      throw new IllegalArgumentException("the first content has the revision 1");
    }
    partitionKeys = List.copyOf(partitionKeys);
  }

  /** Creates the location of a content that no import has replaced. */
  public TenantLocation(String table, List<String> partitionKeys) {
    this(table, partitionKeys, FIRST_REVISION);
  }

  /** Returns the location of another revision of the same tenant's content. */
  public TenantLocation withContentRevision(int revision) {
    return new TenantLocation(table, partitionKeys, revision);
  }

  /**
   * Returns the start of the sort keys of this revision. It is empty for the first one, whose sort
   * keys start with the name of a collection, and therefore with a letter.
   */
  public String sortKeyPrefix() {
    return contentRevision == FIRST_REVISION ? "" : contentRevision + "/";
  }

  /**
   * Returns the partition key of an item id. The mapping must never change, or existing items
   * cannot be found. {@link String#hashCode()} is fixed by its specification.
   */
  public String partitionKeyOf(String id) {
    return partitionKeys.get(Math.floorMod(id.hashCode(), partitionKeys.size()));
  }
}
