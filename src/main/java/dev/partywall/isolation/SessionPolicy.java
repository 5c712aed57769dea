package dev.partywall.isolation;

import dev.partywall.tenancy.Home;
import java.util.ArrayList;
import java.util.List;

/**
 * What a session for one tenant may do: the item actions that the service needs, on exactly one
 * table and its indexes, under exactly the partition keys of the tenant.
 *
 * <p>Both conditions must stay. The first one alone holds where a request has no leading keys at
 * all; the second one alone lets every tenant's keys through.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html">Fine-grained
 *     access control in DynamoDB</a>
 */
public final class SessionPolicy {
  /** The most that {@code AssumeRole} takes as an inline policy. */
  static final int MOST_CHARACTERS = 2_048;

  private final RoleArn role;
  private final Literal region;

  /**
   * For tables in the role's account.
   *
   * @param region where the tables are, such as {@code eu-central-1}
   */
  public SessionPolicy(RoleArn role, String region) {
    this.role = role;
    this.region = new Literal(region);
  }

  /**
   * The policy for a tenant that lives there, as JSON.
   *
   * @throws IllegalArgumentException where it can't be said without a wildcard, or is longer than
   *     STS takes
   */
  public String json(Home home) {
    var json = policy(home).json();
    if (json.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          "the session policy for %s has %,d characters, and STS takes %,d"
              .formatted(home.table(), json.length(), MOST_CHARACTERS));
    }
    return json;
  }

  Policy policy(Home home) {
    var table =
        new Resource.Table(role.partition(), region, role.account(), new Literal(home.table()));
    var keys = home.partitionKeys().stream().map(Literal::new).toList();
    return new Policy(
        List.of(
            new Statement(
                Effect.ALLOW,
                List.of(Action.values()),
                withIndexes(table),
                List.of(Condition.leadingKeysAmong(keys), Condition.leadingKeysPresent()))));
  }

  /**
   * Indexes are listed: a pattern would also hold for one that is added later and is led by what is
   * another tenant's value, too.
   */
  private static List<Resource> withIndexes(Resource.Table table) {
    var resources = new ArrayList<Resource>(List.of(table));
    Home.INDEXES.forEach(it -> resources.add(new Resource.Index(table, new Literal(it))));
    return resources;
  }
}
