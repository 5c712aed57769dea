package dev.partywall.local.aws.iam;

/** The effect of a statement. */
enum IamEffect {
  ALLOW,
  DENY;

  /**
   * Returns the result of an undecidable test (a variable without a value, an invalid number):
   * always the more restrictive one. AWS does not specify this case.
   *
   * @param negated whether the result of the test is inverted afterwards
   */
  boolean undecidableResult(boolean negated) {
    return negated != (this == DENY);
  }
}
