package dev.partywall.local.aws.iam;

/**
 * A policy that IAM's grammar does not hold, or that this evaluation does not know to the last
 * word.
 */
public final class MalformedPolicy extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedPolicy(String message) {
    super(message);
  }
}
