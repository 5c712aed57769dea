package dev.partywall.local.aws.iam;

/** Thrown for a policy that violates IAM's grammar or uses an unsupported element. */
public final class MalformedPolicy extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedPolicy(String message) {
    super(message);
  }
}
