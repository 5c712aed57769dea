package dev.partywall.isolation;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The ARN of the IAM role that the service assumes for tenants. The tables belong to the same AWS
 * account and AWS partition (such as {@code aws} or {@code aws-cn}).
 */
public record RoleArn(String value) {
  private static final Pattern FORM =
      Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]{1,576}");

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
    return field(1);
  }

  Literal account() {
    return field(4);
  }

  /** Returns a field of the ARN. The fields are separated by colons. */
  private Literal field(int index) {
    return new Literal(value.split(":", -1)[index]);
  }

  @Override
  public String toString() {
    return value;
  }
}
