package dev.partywall.isolation;

import dev.partywall.tenancy.TenantLocation;
import java.util.ArrayList;
import java.util.List;

/**
 * The session policy of one tenant. It allows the item actions that the service needs, on exactly
 * one table and its indexes, for exactly the partition keys of the tenant.
 *
 * <p>Both conditions are required. The first alone matches requests without leading keys; the
 * second alone allows the keys of every tenant.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html">Fine-grained
 *     access control in DynamoDB</a>
 */
public final class SessionPolicy {
  /** The maximum length of an inline policy in {@code AssumeRole}. */
  static final int MAX_CHARACTERS = 2_048;

  private final RoleArn role;
  private final Literal region;

  /**
   * Creates policies for tables in the account of the role.
   *
   * @param region the region of the tables, such as {@code eu-central-1}
   */
  public SessionPolicy(RoleArn role, String region) {
    this.role = role;
    this.region = new Literal(region);
  }

  /**
   * Returns the policy for a tenant at a location, as JSON.
   *
   * @throws IllegalArgumentException if a name is not a policy literal, or if the policy exceeds
   *     the length limit of STS
   */
  public String json(TenantLocation location) {
    var json = policy(location).json();
    if (json.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "the session policy for %s has %,d characters; STS accepts at most %,d"
              .formatted(location.table(), json.length(), MAX_CHARACTERS));
    }
    return json;
  }

  Policy policy(TenantLocation location) {
    var table =
        new Resource.Table(role.partition(), region, role.account(), new Literal(location.table()));
    var keys = location.partitionKeys().stream().map(Literal::new).toList();
    return new Policy(
        List.of(
            new Statement(
                Effect.ALLOW,
                List.of(Action.values()),
                withIndexes(table),
                List.of(
                    PolicyCondition.leadingKeysAmong(keys),
                    PolicyCondition.leadingKeysPresent()))));
  }

  /**
   * Returns the table and its indexes, each listed by name. A pattern would match indexes that are
   * added later, including one whose leading key is shared by several tenants.
   */
  private static List<Resource> withIndexes(Resource.Table table) {
    var resources = new ArrayList<Resource>(List.of(table));
    TenantLocation.INDEXES.forEach(
        index -> resources.add(new Resource.Index(table, new Literal(index))));
    return resources;
  }
}
