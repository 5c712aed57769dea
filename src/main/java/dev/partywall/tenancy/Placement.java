package dev.partywall.tenancy;

/** The placement of a tenant's data. Business code does not depend on the kind of placement. */
public sealed interface Placement {
  /**
   * Returns the description in messages and in stored records. Never change it for an existing
   * kind.
   */
  default String description() {
    return switch (this) {
      case Pool() -> "pool";
      case ShardedPool(int shards) -> "pool with " + shards + " shards";
      case Silo() -> "silo";
    };
  }

  /** The shared table, with the tenant id as partition key. */
  record Pool() implements Placement {}

  /**
   * The shared table, with a hot tenant's items spread over several partition keys. DynamoDB limits
   * one partition key to 3,000 read units and 1,000 write units per second.
   *
   * @param shards the number of partition keys
   */
  record ShardedPool(int shards) implements Placement {
    /** The limit follows from the session policy: it lists all shards in 2,048 characters. */
    public static final int MAX_SHARDS = 16;

    /** Rejects fewer than two shards, and more than a session policy can list. */
    public ShardedPool {
      if (shards < 2 || shards > MAX_SHARDS) {
        throw new IllegalArgumentException(
            "a sharded pool has 2 to " + MAX_SHARDS + " shards, not " + shards);
      }
    }
  }

  /** A dedicated table for the tenant. */
  record Silo() implements Placement {}
}
