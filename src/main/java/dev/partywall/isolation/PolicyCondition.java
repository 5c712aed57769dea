package dev.partywall.isolation;

import java.util.List;

/**
 * A condition of a policy statement.
 *
 * @param key the condition key, such as {@code dynamodb:LeadingKeys}
 * @param values the accepted values; one match suffices
 */
public record PolicyCondition(PolicyOperator operator, String key, List<Literal> values) {
  private static final String LEADING_KEYS = "dynamodb:LeadingKeys";

  /** The comparison of the key with the values. */
  public enum PolicyOperator {
    /** True if each value in the request is in the list, even if the request has no value. */
    ALL_VALUES_EQUAL("ForAllValues:StringEquals"),
    /** Tests whether the request lacks the key. */
    KEY_ABSENT("Null");

    private final String id;

    PolicyOperator(String id) {
      this.id = id;
    }

    /** Returns the operator in policy syntax. */
    public String id() {
      return id;
    }
  }

  /** Copies the list, which makes the record immutable. */
  public PolicyCondition {
    values = List.copyOf(values);
  }

  /** Returns a condition that limits the partition keys of a request to the given ones. */
  public static PolicyCondition leadingKeysAmong(List<Literal> keys) {
    return new PolicyCondition(PolicyOperator.ALL_VALUES_EQUAL, LEADING_KEYS, keys);
  }

  /** Returns a condition that requires partition keys in the request; a Scan has none. */
  public static PolicyCondition leadingKeysPresent() {
    return new PolicyCondition(
        PolicyOperator.KEY_ABSENT, LEADING_KEYS, List.of(new Literal("false")));
  }
}
