package dev.partywall.local.aws.iam;

import java.util.List;

/**
 * One statement of a policy.
 *
 * @param whom the principals of a trust policy; any principal in other policies
 */
record Statement(
    String sid,
    Effect effect,
    Trusted whom,
    Names actions,
    Names resources,
    List<Condition> conditions) {

  boolean applies(Identity caller, String action, String resource, Context context) {
    return whom.includes(caller)
        && actions.match(action, context, effect)
        && resources.match(resource, context, effect)
        && conditions.stream().allMatch(condition -> condition.holds(context, effect));
  }
}
