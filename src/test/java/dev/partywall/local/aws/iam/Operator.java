package dev.partywall.local.aws.iam;

import dev.partywall.local.aws.iam.Comparison.Arn;
import dev.partywall.local.aws.iam.Comparison.Bool;
import dev.partywall.local.aws.iam.Comparison.Ip;
import dev.partywall.local.aws.iam.Comparison.Ordered;
import dev.partywall.local.aws.iam.Comparison.Text;
import java.util.Map;

/**
 * A condition operator.
 *
 * @param over the set operator
 * @param ifExists whether the condition is true if the key is absent
 */
record Operator(Over over, Comparison comparison, boolean negated, boolean ifExists) {
  private static final Map<String, Comparison> POSITIVE =
      Map.ofEntries(
          Map.entry("StringEquals", new Text(false, false)),
          Map.entry("StringEqualsIgnoreCase", new Text(false, true)),
          Map.entry("StringLike", new Text(true, false)),
          Map.entry("NumericEquals", Ordered.number(sign -> sign == 0)),
          Map.entry("NumericLessThan", Ordered.number(sign -> sign < 0)),
          Map.entry("NumericLessThanEquals", Ordered.number(sign -> sign <= 0)),
          Map.entry("NumericGreaterThan", Ordered.number(sign -> sign > 0)),
          Map.entry("NumericGreaterThanEquals", Ordered.number(sign -> sign >= 0)),
          Map.entry("DateEquals", Ordered.date(sign -> sign == 0)),
          Map.entry("DateLessThan", Ordered.date(sign -> sign < 0)),
          Map.entry("DateLessThanEquals", Ordered.date(sign -> sign <= 0)),
          Map.entry("DateGreaterThan", Ordered.date(sign -> sign > 0)),
          Map.entry("DateGreaterThanEquals", Ordered.date(sign -> sign >= 0)),
          Map.entry("Bool", new Bool()),
          Map.entry("IpAddress", new Ip()),
          Map.entry("ArnEquals", new Arn()),
          Map.entry("ArnLike", new Arn()));

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
  enum Over {
    /**
     * No set operator: intended for single-valued keys. For several values, the more restrictive
     * interpretation applies.
     */
    ONE(""),
    ALL("ForAllValues:"),
    ANY("ForAnyValue:");

    private final String prefix;

    Over(String prefix) {
      this.prefix = prefix;
    }

    static Over of(String name) {
      return name.startsWith(ALL.prefix) ? ALL : name.startsWith(ANY.prefix) ? ANY : ONE;
    }
  }

  private static final String IF_EXISTS = "IfExists";

  static Operator parse(String name) {
    var over = Over.of(name);
    var rest = name.substring(over.prefix.length());
    var ifExists = rest.endsWith(IF_EXISTS);
    var base = ifExists ? rest.substring(0, rest.length() - IF_EXISTS.length()) : rest;
    var comparison = POSITIVE.get(NEGATED.getOrDefault(base, base));
    if (comparison == null) {
      throw new MalformedPolicy("Invalid Condition type : " + name);
    }
    return new Operator(over, comparison, NEGATED.containsKey(base), ifExists);
  }

  /** Returns the result for an absent key, as AWS documents it. */
  boolean onAbsent() {
    return ifExists
        || switch (over) {
          case ALL -> true;
          case ANY -> false;
          case ONE -> negated;
        };
  }
}
