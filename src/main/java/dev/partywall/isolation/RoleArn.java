package dev.partywall.isolation;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a role, which also tells in which account, and in which of AWS's partitions, the
 * tables are.
 */
public record RoleArn(String value) {
  private static final Pattern FORM =
      Pattern.compile("arn:(aws[a-z-]*):iam::([0-9]{12}):role/[\\w+=,.@/-]{1,576}");

  /** Refuses what is no role's name. */
  public RoleArn {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not the ARN of a role: " + value);
    }
  }

  /** That role's; empty for what is no role's name. */
  public static Optional<RoleArn> parse(String value) {
    return FORM.matcher(value).matches() ? Optional.of(new RoleArn(value)) : Optional.empty();
  }

  Literal partition() {
    return part(1);
  }

  Literal account() {
    return part(2);
  }

  private Literal part(int group) {
    var matcher = FORM.matcher(value);
    return matcher.matches() ? new Literal(matcher.group(group)) : new Literal("none");
  }

  @Override
  public String toString() {
    return value;
  }
}
