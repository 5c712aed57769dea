package dev.partywall.local.aws.iam;

/**
 * The result of a policy evaluation.
 *
 * @param reason the denial in the wording of AWS; empty if allowed
 */
public record EvaluationResult(boolean allowed, String reason) {
  static final EvaluationResult ALLOWED = new EvaluationResult(true, "");

  static EvaluationResult denied(String reason) {
    return new EvaluationResult(false, reason);
  }
}
