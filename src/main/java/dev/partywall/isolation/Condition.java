package dev.partywall.isolation;

import java.util.List;

/**
 * When a statement holds.
 *
 * @param key the condition key, such as {@code dynamodb:LeadingKeys}
 * @param values any one of these fits
 */
public record Condition(Operator operator, String key, List<Literal> values) {
  private static final String LEADING_KEYS = "dynamodb:LeadingKeys";

  /** How key and values are compared. */
  public enum Operator {
    /** Each value in the request is one of these. Holds, too, where the request has none. */
    EACH_EQUALS("ForAllValues:StringEquals"),
    /** Whether the request lacks the key. */
    ABSENT("Null");

    private final String id;

    Operator(String id) {
      this.id = id;
    }

    /** As policies spell it. */
    public String id() {
      return id;
    }
  }

  /** Copies the list. */
  public Condition {
    values = List.copyOf(values);
  }

  /** Every partition key that a request touches is one of these. */
  public static Condition leadingKeysAmong(List<Literal> keys) {
    return new Condition(Operator.EACH_EQUALS, LEADING_KEYS, keys);
  }

  /** The request names partition keys at all; a Scan, say, does not. */
  public static Condition leadingKeysPresent() {
    return new Condition(Operator.ABSENT, LEADING_KEYS, List.of(new Literal("false")));
  }
}
