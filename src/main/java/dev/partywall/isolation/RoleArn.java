package dev.partywall.isolation;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The ARN of an IAM role. It determines the account and the AWS partition of the tables as well.
 */
public record RoleArn(String value) {
  private static final Pattern FORM =
      Pattern.compile("arn:(aws[a-z-]*):iam::([0-9]{12}):role/[\\w+=,.@/-]{1,576}");

  /** Rejects text that is not the ARN of a role. */
  public RoleArn {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not the ARN of an IAM role: " + value);
    }
  }

  /** Parses an ARN; returns empty if it is not the ARN of a role. */
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
