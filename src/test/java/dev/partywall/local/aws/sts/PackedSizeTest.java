package dev.partywall.local.aws.sts;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.isolation.RoleArn;
import dev.partywall.isolation.SessionPolicy;
import dev.partywall.tenancy.TenantLocation;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackedSizeTest {
  private static final RoleArn ROLE =
      new RoleArn("arn:aws:iam::123456789012:role/partywall-TenantRole");

  /** STS does not publish how it packs, and tags of EKS Pod Identity can come in addition. */
  @Test
  void theLargestSessionPolicyAndItsTagUseLessThanHalfOfTheLimit() {
    var tenant = "q7x2m9k4w1z8c5v3b6n0".repeat(4).substring(0, 63);
    var shards = IntStream.range(0, 16).mapToObj(shard -> tenant + "." + shard).toList();
    var location = new TenantLocation("p".repeat(64) + "orders", shards);
    var policy = new SessionPolicy(ROLE, "ap-southeast-2").json(location);

    var percent = PackedSize.percent(policy, Map.of("tenant", tenant));
    assertTrue(percent > PackedSize.percent(policy, Map.of()), () -> percent + " %");
    assertTrue(percent < 50, () -> percent + " %");
  }
}
