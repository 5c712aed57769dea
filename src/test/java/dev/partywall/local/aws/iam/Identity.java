package dev.partywall.local.aws.iam;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who asks: a user, or a session of a role.
 *
 * @param arn as refusals name it
 * @param ownerArn the user's own ARN, or that of the session's role
 * @param userId {@code aws:userid}
 * @param tags {@code aws:PrincipalTag/…}: the principal's, and over them the session's
 * @param policies identity-based policies
 * @param session a role session's own policy, which can only take away
 */
public record Identity(
    String arn,
    String ownerArn,
    String userId,
    Map<String, String> tags,
    List<Policy> policies,
    Optional<Policy> session) {

  /** Whether this is a session of a role. */
  public boolean isRoleSession() {
    return arn.contains(":assumed-role/");
  }

  /** The twelve digits of its account. */
  public String account() {
    return arn.split(":", 6)[4];
  }

  /**
   * Decides as AWS documents it for one account: an explicit deny wins, then an allow is needed of
   * an identity-based policy and, where there is one, of the session policy as well.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">policy
   *     evaluation logic</a>
   */
  public Verdict decide(String action, String resource, Context request) {
    var context = request.and(context());
    var bound = session.map(List::of).orElse(policies);
    if (any(policies, Effect.DENY, action, resource, context)) {
      return Verdict.refused("with an explicit deny in an identity-based policy");
    }
    if (any(bound, Effect.DENY, action, resource, context)) {
      return Verdict.refused("with an explicit deny in a session policy");
    }
    if (!any(policies, Effect.ALLOW, action, resource, context)) {
      return Verdict.refused("because no identity-based policy allows the " + action + " action");
    }
    if (!any(bound, Effect.ALLOW, action, resource, context)) {
      return Verdict.refused("because no session policy allows the " + action + " action");
    }
    return Verdict.ALLOWED;
  }

  /** Whether the trust policy lets this caller do that to its role. */
  public boolean isTrusted(Policy trust, String action, String role, Context request) {
    var context = request.and(context());
    return !trust.says(Effect.DENY, this, action, role, context)
        && trust.says(Effect.ALLOW, this, action, role, context);
  }

  private boolean any(
      List<Policy> all, Effect effect, String action, String resource, Context context) {
    return all.stream().anyMatch(policy -> policy.says(effect, this, action, resource, context));
  }

  private Context context() {
    var own =
        Context.EMPTY
            .with("aws:PrincipalArn", ownerArn)
            .with("aws:PrincipalAccount", account())
            .with("aws:PrincipalType", isRoleSession() ? "AssumedRole" : "User")
            .with("aws:userid", userId);
    for (var tag : tags.entrySet()) {
      own = own.with("aws:PrincipalTag/" + tag.getKey(), tag.getValue());
    }
    return isRoleSession()
        ? own
        : own.with("aws:username", ownerArn.substring(ownerArn.lastIndexOf('/') + 1));
  }
}
