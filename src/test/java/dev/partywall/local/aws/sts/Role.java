package dev.partywall.local.aws.sts;

import dev.partywall.local.aws.iam.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A role that may be assumed.
 *
 * @param trust who may
 * @param policies what its sessions may do
 * @param maxSession the longest life of a session, 1 to 12 hours
 * @param tags {@code aws:PrincipalTag/…} of its sessions
 */
public record Role(
    String name,
    Policy trust,
    List<Policy> policies,
    Duration maxSession,
    Map<String, String> tags) {

  /** A role without tags, for sessions of an hour at most. */
  public static Role of(String name, Policy trust, Policy... policies) {
    return new Role(name, trust, List.of(policies), Duration.ofHours(1), Map.of());
  }
}
