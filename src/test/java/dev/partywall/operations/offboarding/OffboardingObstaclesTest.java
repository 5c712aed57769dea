package dev.partywall.operations.offboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffboardingObstaclesTest {
  private static final Instant NOW = Instant.parse("2026-11-28T09:30:00Z");

  private static Optional<String> obstacle(
      String state,
      Placement placement,
      long clockDifferenceSeconds,
      boolean hasProvisioner,
      boolean hasReceiptKey) {
    var clock =
        new CheckedClock(
            InstantSource.fixed(NOW),
            () -> Optional.of(Duration.ofSeconds(clockDifferenceSeconds)));
    var tenant = TestPlacements.registration(new TenantId("acme"), placement);
    var operation = Offboarding.begin(tenant, "1", "olga", NOW, Duration.ZERO).inState(state);
    return new OffboardingObstacles(clock, hasProvisioner, hasReceiptKey).of(operation, tenant);
  }

  @Test
  void anInstanceWithoutAReceiptKeyNamesTheMissingSetting() {
    assertEquals(
        Optional.of("The receipt requires PARTYWALL_RECEIPT_KEY."),
        obstacle(Offboarding.RECEIPT, new Placement.Pool(), 0, true, false));
    assertEquals(
        Optional.empty(), obstacle(Offboarding.RECEIPT, new Placement.Pool(), 0, false, true));
    assertEquals(
        Optional.empty(), obstacle(Offboarding.DELETING, new Placement.Pool(), 0, false, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {Offboarding.COUNTING, Offboarding.DELETING_TABLE})
  void anInstanceWithoutTheProvisionerRoleLeavesTheTableOfASiloToAnother(String state) {
    assertEquals(
        Optional.of("The table of a silo requires PARTYWALL_PROVISIONER_ROLE_ARN."),
        obstacle(state, new Placement.Silo(), 0, false, true));
    assertEquals(Optional.empty(), obstacle(state, new Placement.Silo(), 0, true, true));
    assertEquals(Optional.empty(), obstacle(state, new Placement.Pool(), 0, false, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        Offboarding.RETENTION,
        Offboarding.COUNTING,
        Offboarding.VERIFYING,
        Offboarding.RECEIPT,
        Offboarding.DELETING_TABLE
      })
  void anInstanceWithAWrongClockLeavesTheStepToAnother(String state) {
    assertEquals(
        Optional.of("The clock of the instance differs from that of the registry by 61 s."),
        obstacle(state, new Placement.Pool(), -61, true, true));
    assertEquals(
        Optional.empty(), obstacle(Offboarding.DELETING, new Placement.Pool(), -61, true, true));
  }
}
