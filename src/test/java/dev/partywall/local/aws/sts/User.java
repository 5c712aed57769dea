package dev.partywall.local.aws.sts;

import dev.partywall.local.aws.iam.IamPolicy;
import java.util.List;

/**
 * A user with a permanent key.
 *
 * @param policies identity-based policies
 */
public record User(
    String name, String accessKeyId, String secretAccessKey, List<IamPolicy> policies) {

  /** Omits the secret, to keep it out of logs. */
  @Override
  public String toString() {
    return "User[" + name + "]";
  }
}
