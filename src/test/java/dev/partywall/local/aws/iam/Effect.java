package dev.partywall.local.aws.iam;

/** Whether a statement gives or takes. */
enum Effect {
  ALLOW,
  DENY;

  /**
   * What a test counts as that can't be decided (a variable without a value, a number that is
   * none): always that which lets less through. AWS leaves this case open.
   *
   * @param negated whether the test's outcome will be turned around
   */
  boolean undecided(boolean negated) {
    return negated != (this == DENY);
  }
}
