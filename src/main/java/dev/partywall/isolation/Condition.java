package dev.partywall.isolation;

import java.util.List;

/**
 * A condition of a policy statement.
 *
 * @param key the condition key, such as {@code dynamodb:LeadingKeys}
 * @param values the accepted values; one match suffices
 */
public record Condition(Operator operator, String key, List<Literal> values) {
  private static final String LEADING_KEYS = "dynamodb:LeadingKeys";

  /** The comparison of the key with the values. */
  public enum Operator {
    /** True if each value in the request is in the list, even if the request has no value. */
    EACH_EQUALS("ForAllValues:StringEquals"),
    /** Tests whether the request lacks the key. */
    ABSENT("Null");

    private final String id;

    Operator(String id) {
      this.id = id;
    }

    /** Returns the operator in policy syntax. */
    public String id() {
      return id;
    }
  }

  /** Copies the list, which makes the record immutable. */
  public Condition {
    values = List.copyOf(values);
  }

  /** Returns a condition that limits the partition keys of a request to the given ones. */
  public static Condition leadingKeysAmong(List<Literal> keys) {
    return new Condition(Operator.EACH_EQUALS, LEADING_KEYS, keys);
  }

  /** Returns a condition that requires partition keys in the request; a Scan has none. */
  public static Condition leadingKeysPresent() {
    return new Condition(Operator.ABSENT, LEADING_KEYS, List.of(new Literal("false")));
  }
}
