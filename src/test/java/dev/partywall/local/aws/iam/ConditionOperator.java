package dev.partywall.local.aws.iam;

import dev.partywall.local.aws.iam.Comparison.ArnComparison;
import dev.partywall.local.aws.iam.Comparison.BooleanComparison;
import dev.partywall.local.aws.iam.Comparison.IpComparison;
import dev.partywall.local.aws.iam.Comparison.OrderedComparison;
import dev.partywall.local.aws.iam.Comparison.TextComparison;
import java.util.Map;

/**
 * A condition operator.
 *
 * @param setOperator the set operator
 * @param ifExists whether the condition is true if the key is absent
 */
record ConditionOperator(
    SetOperator setOperator, Comparison comparison, boolean negated, boolean ifExists) {
  private static final Map<String, Comparison> POSITIVE =
      Map.ofEntries(
          Map.entry("StringEquals", new TextComparison(false, false)),
          Map.entry("StringEqualsIgnoreCase", new TextComparison(false, true)),
          Map.entry("StringLike", new TextComparison(true, false)),
          Map.entry("NumericEquals", OrderedComparison.number(sign -> sign == 0)),
          Map.entry("NumericLessThan", OrderedComparison.number(sign -> sign < 0)),
          Map.entry("NumericLessThanEquals", OrderedComparison.number(sign -> sign <= 0)),
          Map.entry("NumericGreaterThan", OrderedComparison.number(sign -> sign > 0)),
          Map.entry("NumericGreaterThanEquals", OrderedComparison.number(sign -> sign >= 0)),
          Map.entry("DateEquals", OrderedComparison.date(sign -> sign == 0)),
          Map.entry("DateLessThan", OrderedComparison.date(sign -> sign < 0)),
          Map.entry("DateLessThanEquals", OrderedComparison.date(sign -> sign <= 0)),
          Map.entry("DateGreaterThan", OrderedComparison.date(sign -> sign > 0)),
          Map.entry("DateGreaterThanEquals", OrderedComparison.date(sign -> sign >= 0)),
          Map.entry("Bool", new BooleanComparison()),
          Map.entry("IpAddress", new IpComparison()),
          Map.entry("ArnEquals", new ArnComparison()),
          Map.entry("ArnLike", new ArnComparison()));

  private static final Map<String, String> NEGATED =
      Map.of(
          "StringNotEquals", "StringEquals",
          "StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase",
          "StringNotLike", "StringLike",
          "NumericNotEquals", "NumericEquals",
          "DateNotEquals", "DateEquals",
          "NotIpAddress", "IpAddress",
          "ArnNotEquals", "ArnEquals",
          "ArnNotLike", "ArnLike");

  /** The quantifier over the values of a key. */
  enum SetOperator {
    /**
     * No set operator: intended for single-valued keys. For several values, the more restrictive
     * interpretation applies.
     */
    NONE(""),
    FOR_ALL_VALUES("ForAllValues:"),
    FOR_ANY_VALUE("ForAnyValue:");

    private final String prefix;

    SetOperator(String prefix) {
      this.prefix = prefix;
    }

    static SetOperator of(String name) {
      return name.startsWith(FOR_ALL_VALUES.prefix)
          ? FOR_ALL_VALUES
          : name.startsWith(FOR_ANY_VALUE.prefix) ? FOR_ANY_VALUE : NONE;
    }
  }

  private static final String IF_EXISTS = "IfExists";

  static ConditionOperator parse(String name) {
    var over = SetOperator.of(name);
    var rest = name.substring(over.prefix.length());
    var ifExists = rest.endsWith(IF_EXISTS);
    var base = ifExists ? rest.substring(0, rest.length() - IF_EXISTS.length()) : rest;
    var comparison = POSITIVE.get(NEGATED.getOrDefault(base, base));
    if (comparison == null) {
      throw new MalformedPolicyException("Invalid Condition type : " + name);
    }
    return new ConditionOperator(over, comparison, NEGATED.containsKey(base), ifExists);
  }

  /** Returns the result for an absent key, as AWS documents it. */
  boolean resultIfAbsent() {
    return ifExists
        || switch (setOperator) {
          case FOR_ALL_VALUES -> true;
          case FOR_ANY_VALUE -> false;
          case NONE -> negated;
        };
  }
}
