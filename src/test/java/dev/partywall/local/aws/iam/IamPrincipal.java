package dev.partywall.local.aws.iam;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A principal: a user or a role session.
 *
 * @param arn the ARN in access-denied messages
 * @param principalArn the user's own ARN, or the ARN of the session's role
 * @param userId {@code aws:userid}
 * @param tags {@code aws:PrincipalTag/…}: the tags of the principal, overridden by session tags
 * @param policies identity-based policies
 * @param sessionPolicy the session policy of a role session, which can only restrict
 * @param issuedAt {@code aws:TokenIssueTime} of a role session; empty for a user
 */
public record IamPrincipal(
    String arn,
    String principalArn,
    String userId,
    Map<String, String> tags,
    List<IamPolicy> policies,
    Optional<IamPolicy> sessionPolicy,
    Optional<Instant> issuedAt) {

  /** Returns whether this principal is a role session. */
  public boolean isRoleSession() {
    return arn.contains(":assumed-role/");
  }

  /** Returns the 12-digit account id. */
  public String account() {
    return arn.split(":", 6)[4];
  }

  /**
   * Evaluates the policies as AWS documents it for a single account. An explicit deny overrides
   * every allow. The action must be allowed by an identity-based policy and, if present, by the
   * session policy.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">policy
   *     evaluation logic</a>
   */
  public EvaluationResult evaluate(String action, String resource, RequestContext request) {
    var context = request.merge(context());
    var sessionPolicies = sessionPolicy.map(List::of).orElse(policies);
    if (anyApplies(policies, IamEffect.DENY, action, resource, context)) {
      return EvaluationResult.denied("with an explicit deny in an identity-based policy");
    }
    if (anyApplies(sessionPolicies, IamEffect.DENY, action, resource, context)) {
      return EvaluationResult.denied("with an explicit deny in a session policy");
    }
    if (!anyApplies(policies, IamEffect.ALLOW, action, resource, context)) {
      return EvaluationResult.denied(
          "because no identity-based policy allows the " + action + " action");
    }
    if (!anyApplies(sessionPolicies, IamEffect.ALLOW, action, resource, context)) {
      return EvaluationResult.denied("because no session policy allows the " + action + " action");
    }
    return EvaluationResult.ALLOWED;
  }

  /** Returns whether a trust policy allows this principal the action on its role. */
  public boolean isTrusted(IamPolicy trust, String action, String role, RequestContext request) {
    var context = request.merge(context());
    return !trust.hasMatchingStatement(IamEffect.DENY, this, action, role, context)
        && trust.hasMatchingStatement(IamEffect.ALLOW, this, action, role, context);
  }

  private boolean anyApplies(
      List<IamPolicy> all,
      IamEffect effect,
      String action,
      String resource,
      RequestContext context) {
    return all.stream()
        .anyMatch(policy -> policy.hasMatchingStatement(effect, this, action, resource, context));
  }

  private RequestContext context() {
    var keys =
        RequestContext.EMPTY
            .with("aws:PrincipalArn", principalArn)
            .with("aws:PrincipalAccount", account())
            .with("aws:PrincipalType", isRoleSession() ? "AssumedRole" : "User")
            .with("aws:userid", userId);
    for (var tag : tags.entrySet()) {
      keys = keys.with("aws:PrincipalTag/" + tag.getKey(), tag.getValue());
    }
    if (issuedAt.isPresent()) {
      keys = keys.with("aws:TokenIssueTime", issuedAt.get().toString());
    }
    return isRoleSession()
        ? keys
        : keys.with("aws:username", principalArn.substring(principalArn.lastIndexOf('/') + 1));
  }
}
