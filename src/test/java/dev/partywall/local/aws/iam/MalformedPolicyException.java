package dev.partywall.local.aws.iam;

/** Thrown for a policy that violates IAM's grammar or uses an unsupported element. */
public final class MalformedPolicyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedPolicyException(String message) {
    super(message);
  }
}
