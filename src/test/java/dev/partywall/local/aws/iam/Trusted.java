package dev.partywall.local.aws.iam;

import java.util.Set;

/**
 * Whom a statement of a trust policy names: ARNs of users, roles or role sessions, accounts, or
 * {@code *}. A service or a federated provider is none of the callers that this AWS knows.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html">Principal</a>
 */
record Trusted(Set<String> names) {
  static final Trusted EVERYBODY = new Trusted(Set.of("*"));

  boolean includes(Identity caller) {
    return names.contains("*")
        || names.contains(caller.arn())
        || names.contains(caller.ownerArn())
        || names.contains(caller.account())
        || names.contains("arn:aws:iam::" + caller.account() + ":root");
  }
}
