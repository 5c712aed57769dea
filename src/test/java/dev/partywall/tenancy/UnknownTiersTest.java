package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class UnknownTiersTest {
  private static final TenantId ACME = new TenantId("acme");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T08:00:00.123Z"));
  private final UnknownTiers unknown = new UnknownTiers(Tiers.BUILT_IN, now::get);

  @Test
  void reportsTheLastTenantOfAnUnknownTierForFiveMinutes() {
    unknown.check(new Tenant(new TenantId("globex"), "silver"));
    unknown.check(new Tenant(ACME, "gold"));
    unknown.check(new Tenant(ACME, "premium"));
    var problem =
        "tenant acme has the unknown tier gold, which counts as free (last at 2026-11-24T08:00:00Z)";
    assertEquals(Optional.of(problem), unknown.problem());
    now.updateAndGet(time -> time.plus(Duration.ofMinutes(4)));
    assertEquals(Optional.of(problem), unknown.problem());
    now.updateAndGet(time -> time.plus(Duration.ofMinutes(1)));
    assertEquals(Optional.empty(), unknown.problem());
  }

  @Test
  void reportsNoTenantOfAKnownTierOrWithoutATier() {
    unknown.check(new Tenant(ACME, "free"));
    unknown.check(new Tenant(ACME));
    assertEquals(Optional.empty(), unknown.problem());
  }

  @Test
  void shortensTheNameOfTheTier() {
    unknown.check(new Tenant(ACME, "x".repeat(33)));
    assertEquals(
        Optional.of(
            "tenant acme has the unknown tier xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, which counts as"
                + " free (last at 2026-11-24T08:00:00Z)"),
        unknown.problem());
  }
}
