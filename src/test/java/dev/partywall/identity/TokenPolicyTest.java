package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenPolicyTest {
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void rejectsAPolicyWithoutAudienceTenantClaimOrLifetime() {
    assertRejected(Set.of(), List.of("tenant_id"), DAY);
    assertRejected(Set.of("orders-api"), List.of(), DAY);
    assertRejected(Set.of("orders-api"), List.of("tenant_id"), Duration.ZERO);
    assertRejected(Set.of("orders-api"), List.of("tenant_id"), Duration.ofSeconds(-1));
  }

  private static void assertRejected(
      Set<String> audiences, List<String> claims, Duration maxLifetime) {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new TokenPolicy(
                audiences, Set.of("admin"), claims, List.of(), maxLifetime, Optional.empty()));
  }
}
