package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AdmissionMemoryTest {
  private static final int TENANTS = 50_000;

  /** The map's entry, the id and its text are included. */
  @Test
  void anActiveTenantTakesAtMostTwoHundredBytes() {
    // Other threads allocate as well. The smaller of two measurements is the least disturbed.
    var bytes = LongStream.range(0, 2).map(_ -> measured()).min().orElseThrow() / TENANTS;
    assertTrue(bytes >= 100 && bytes <= 200, () -> bytes + " bytes");
  }

  private static long measured() {
    var fixture = new AdmissionFixture();
    var before = used();
    for (var i = 0; i < TENANTS; i++) {
      fixture.request(new Tenant(new TenantId("tenant-of-24-chars-" + (10_000 + i)), "free"));
    }
    var after = used();
    assertEquals(TENANTS, fixture.limiter.activeTenants());
    return after - before;
  }

  private static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
