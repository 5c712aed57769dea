package dev.partywall.local.aws.iam;

import java.util.Set;

/**
 * The principals of a trust policy statement: ARNs of users, roles or role sessions, account ids,
 * or {@code *}. Services and federated providers match no caller of this local AWS.
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
