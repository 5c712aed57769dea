package dev.partywall.tenancy;

/** Where a tenant's data lives. Business code never learns which of these it is. */
public sealed interface Placement {
  /** How it is told and remembered; what it is today must be called the same tomorrow. */
  default String description() {
    return switch (this) {
      case Pool() -> "pool";
      case ShardedPool(int shards) -> "pool with " + shards + " shards";
      case Silo() -> "silo";
    };
  }

  /** The shared table, where the tenant is the partition key. */
  record Pool() implements Placement {}

  /**
   * The shared table, where a hot tenant's items are spread over several partition keys, because
   * DynamoDB serves a single one at most 3,000 read and 1,000 write units a second.
   *
   * @param shards how many
   */
  record ShardedPool(int shards) implements Placement {
    /** The session policy lists every shard, and STS takes a policy of 2,048 characters at most. */
    public static final int MOST = 16;

    /** Refuses a number that spreads nothing, and one that no policy could list. */
    public ShardedPool {
      if (shards < 2 || shards > MOST) {
        throw new IllegalArgumentException("a pool has 2 to " + MOST + " shards, not " + shards);
      }
    }
  }

  /** A table of the tenant's own. */
  record Silo() implements Placement {}
}
