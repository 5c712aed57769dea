package dev.partywall.local.aws.iam;

/**
 * What became of a question.
 *
 * @param because AWS's wording of a refusal; empty where it is allowed
 */
public record Verdict(boolean allowed, String because) {
  static final Verdict ALLOWED = new Verdict(true, "");

  static Verdict refused(String because) {
    return new Verdict(false, because);
  }
}
