package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.TenantId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RejectionRateTest {
  private static final long MS = 1_000_000;
  private static final long MAX = 6_000 * MS;
  private static final Optional<TenantId> ACME = Optional.of(new TenantId("acme"));
  private static final Optional<TenantId> GLOBEX = Optional.of(new TenantId("globex"));
  private static final Optional<TenantId> NO_TENANT = Optional.empty();

  private long now = Long.MAX_VALUE - 1_500 * MS; // may overflow
  private final RejectionRate rate = new RejectionRate(10, now);

  /** Returns the delay in milliseconds; 0 if the rejection can be sent now. */
  private long reject(Optional<TenantId> caller) {
    return Math.max(0, rate.delayNanos(caller, now, MAX) / MS);
  }

  private void flood(Optional<TenantId> caller) {
    for (var i = 0; i < 100; i++) {
      var _ = reject(caller);
    }
  }

  @Test
  void withinTheRateNoRejectionIsDelayed() {
    for (var i = 0; i < 10; i++) {
      assertEquals(0, reject(i % 2 == 0 ? ACME : GLOBEX));
    }
    assertTrue(reject(ACME) + reject(GLOBEX) > 0);
  }

  @Test
  void aFloodDelaysNoTenantWithinItsShare() {
    flood(ACME);
    for (var i = 0; i < 5; i++) { // the half of a second
      assertEquals(0, reject(GLOBEX));
    }
    assertEquals(200, reject(GLOBEX));
    assertEquals(MAX / MS, reject(ACME));
  }

  @Test
  void aFloodWithoutTenantsDelaysNoTenant() {
    flood(NO_TENANT);
    assertEquals(0, reject(ACME));
    assertEquals(MAX / MS, reject(NO_TENANT));
  }

  @Test
  void twoFloodingTenantsShareTheRateEqually() {
    flood(ACME);
    flood(GLOBEX);
    now += 100_000 * MS;
    long[] undelayed = {0, 0};
    for (var i = 0; i < 1_000; i++) {
      now += 10 * MS;
      undelayed[0] += reject(ACME) == 0 ? 1 : 0;
      undelayed[1] += reject(GLOBEX) == 0 ? 1 : 0;
    }
    // 10 s, and the burst of a second before the first delay.
    assertTrue(undelayed[0] + undelayed[1] <= 110, () -> undelayed[0] + " + " + undelayed[1]);
    assertTrue(Math.abs(undelayed[0] - undelayed[1]) <= 10, () -> undelayed[0] + undelayed[1] + "");
  }

  @Test
  void aRejectionWithTheLongestDelayTakesNoPartOfTheRate() {
    flood(ACME); // 10 at once, 60 within 6 s, and 30 with the longest delay
    now += 500 * MS;
    assertEquals(5_600, reject(ACME));
  }

  @Test
  void aFloodEndsAfterASecondWithinTheRate() {
    flood(ACME);
    flood(GLOBEX);
    now += 999 * MS;
    assertTrue(reject(ACME) > 0);
    now += MS;
    assertEquals(0, reject(ACME));
  }

  @Test
  void theShareGrowsWhenAnotherTenantStops() {
    flood(GLOBEX);
    for (var i = 0; i < 5; i++) {
      assertEquals(0, reject(ACME));
    }
    assertEquals(200, reject(ACME));
    now += 8_000 * MS; // the bucket of globex is full
    for (var i = 0; i < 10; i++) {
      assertEquals(0, reject(ACME));
    }
    assertEquals(100, reject(ACME));
  }
}
