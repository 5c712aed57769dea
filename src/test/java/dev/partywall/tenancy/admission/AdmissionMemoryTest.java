package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class AdmissionMemoryTest {
  private static final int TENANTS = 50_000;
  private static final int MAX_MEASUREMENTS = 6;

  /** The map's entry, the id and its text are included. */
  @Test
  void anActiveTenantTakesAtMostTwoHundredBytes() {
    // Other threads allocate and release memory as well, up to 1 MB in a measurement. A size above
    // the limit would appear in every measurement.
    var measurements = new ArrayList<Long>();
    do {
      measurements.add(measured() / TENANTS);
    } while (!isPermitted(measurements.getLast()) && measurements.size() < MAX_MEASUREMENTS);
    assertTrue(isPermitted(measurements.getLast()), () -> measurements + " bytes");
  }

  private static boolean isPermitted(long bytes) {
    return bytes >= 100 && bytes <= 200;
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
