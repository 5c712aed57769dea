package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrustTest {
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void nobodyTrustsEverybody() {
    assertRefused(Set.of(), List.of("tenant_id"), DAY);
    assertRefused(Set.of("orders-api"), List.of(), DAY);
    assertRefused(Set.of("orders-api"), List.of("tenant_id"), Duration.ZERO);
    assertRefused(Set.of("orders-api"), List.of("tenant_id"), Duration.ofSeconds(-1));
  }

  private static void assertRefused(Set<String> audiences, List<String> claims, Duration life) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Trust(audiences, claims, List.of(), life, Optional.empty()));
  }
}
