package dev.partywall.local.aws.iam;

/**
 * The result of a policy evaluation.
 *
 * @param because the denial in the wording of AWS; empty if allowed
 */
public record Verdict(boolean allowed, String because) {
  static final Verdict ALLOWED = new Verdict(true, "");

  static Verdict refused(String reason) {
    return new Verdict(false, reason);
  }
}
