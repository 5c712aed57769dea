package dev.partywall.local.aws.iam;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A principal: a user or a role session.
 *
 * @param arn the ARN in access-denied messages
 * @param ownerArn the user's own ARN, or the ARN of the session's role
 * @param userId {@code aws:userid}
 * @param tags {@code aws:PrincipalTag/…}: the tags of the principal, overridden by session tags
 * @param policies identity-based policies
 * @param session the session policy of a role session, which can only restrict
 */
public record Identity(
    String arn,
    String ownerArn,
    String userId,
    Map<String, String> tags,
    List<Policy> policies,
    Optional<Policy> session) {

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
  public Verdict decide(String action, String resource, Context request) {
    var context = request.and(context());
    var sessionPolicies = session.map(List::of).orElse(policies);
    if (anyApplies(policies, Effect.DENY, action, resource, context)) {
      return Verdict.refused("with an explicit deny in an identity-based policy");
    }
    if (anyApplies(sessionPolicies, Effect.DENY, action, resource, context)) {
      return Verdict.refused("with an explicit deny in a session policy");
    }
    if (!anyApplies(policies, Effect.ALLOW, action, resource, context)) {
      return Verdict.refused("because no identity-based policy allows the " + action + " action");
    }
    if (!anyApplies(sessionPolicies, Effect.ALLOW, action, resource, context)) {
      return Verdict.refused("because no session policy allows the " + action + " action");
    }
    return Verdict.ALLOWED;
  }

  /** Returns whether a trust policy allows this principal the action on its role. */
  public boolean isTrusted(Policy trust, String action, String role, Context request) {
    var context = request.and(context());
    return !trust.says(Effect.DENY, this, action, role, context)
        && trust.says(Effect.ALLOW, this, action, role, context);
  }

  private boolean anyApplies(
      List<Policy> all, Effect effect, String action, String resource, Context context) {
    return all.stream().anyMatch(policy -> policy.says(effect, this, action, resource, context));
  }

  private Context context() {
    var keys =
        Context.EMPTY
            .with("aws:PrincipalArn", ownerArn)
            .with("aws:PrincipalAccount", account())
            .with("aws:PrincipalType", isRoleSession() ? "AssumedRole" : "User")
            .with("aws:userid", userId);
    for (var tag : tags.entrySet()) {
      keys = keys.with("aws:PrincipalTag/" + tag.getKey(), tag.getValue());
    }
    return isRoleSession()
        ? keys
        : keys.with("aws:username", ownerArn.substring(ownerArn.lastIndexOf('/') + 1));
  }
}
