package dev.partywall.local.aws.sts;

import dev.partywall.local.aws.iam.IamPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A role.
 *
 * @param trust the trust policy
 * @param policies the identity-based policies of its sessions
 * @param maxSessionDuration the maximum session duration, 1 to 12 hours
 * @param tags {@code aws:PrincipalTag/…} of its sessions
 */
public record Role(
    String name,
    IamPolicy trust,
    List<IamPolicy> policies,
    Duration maxSessionDuration,
    Map<String, String> tags) {

  /** Returns a role without tags, with a maximum session duration of one hour. */
  public static Role of(String name, IamPolicy trust, IamPolicy... policies) {
    return new Role(name, trust, List.of(policies), Duration.ofHours(1), Map.of());
  }
}
