package dev.partywall.local.aws.iam;

import java.util.List;

/**
 * One statement of a policy.
 *
 * @param principals the principals of a trust policy; any principal in other policies
 */
record IamStatement(
    String sid,
    IamEffect effect,
    StatementPrincipals principals,
    NamePatterns actions,
    NamePatterns resources,
    List<IamCondition> conditions) {

  boolean applies(IamPrincipal caller, String action, String resource, RequestContext context) {
    return principals.includes(caller)
        && actions.matches(action, context, effect)
        && resources.matches(resource, context, effect)
        && conditions.stream().allMatch(condition -> condition.isTrue(context, effect));
  }
}
