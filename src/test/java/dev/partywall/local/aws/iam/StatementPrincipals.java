package dev.partywall.local.aws.iam;

import java.util.Set;

/**
 * The principals of a trust policy statement: ARNs of users, roles or role sessions, account ids,
 * or {@code *}. Services and federated providers match no caller of this local AWS.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html">Principal</a>
 */
record StatementPrincipals(Set<String> names) {
  static final StatementPrincipals ANY_PRINCIPAL = new StatementPrincipals(Set.of("*"));

  boolean includes(IamPrincipal caller) {
    return names.contains("*")
        || names.contains(caller.arn())
        || names.contains(caller.principalArn())
        || names.contains(caller.account())
        || names.contains("arn:aws:iam::" + caller.account() + ":root");
  }
}
