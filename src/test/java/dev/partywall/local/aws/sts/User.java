package dev.partywall.local.aws.sts;

import dev.partywall.local.aws.iam.Policy;
import java.util.List;

/**
 * A user with a key that lasts.
 *
 * @param policies what it may do
 */
public record User(String name, String accessKeyId, String secretAccessKey, List<Policy> policies) {

  /** The secret stays out of logs. */
  @Override
  public String toString() {
    return "User[" + name + "]";
  }
}
