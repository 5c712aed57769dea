package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.ClassPathJar;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionMemoryTest {
  private static final int TENANTS = 50_000;

  @TempDir private Path folder;

  /**
   * The map's entry, the id and its text are included. A JVM of its own takes the measurement,
   * because other tests leave threads that allocate and release some MB.
   */
  @Test
  void anActiveTenantTakesAtMostTwoHundredBytes() throws IOException, InterruptedException {
    var jar = ClassPathJar.create(folder.resolve("measurement.jar"), AdmissionMemoryTest.class);
    var measurement =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-preview",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-jar",
                jar.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var output = new String(measurement.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, measurement.waitFor());
    var bytes = Long.parseLong(output.strip());
    assertTrue(bytes >= 100 && bytes <= 200, () -> bytes + " bytes");
  }

  /** Prints the bytes of an active tenant. */
  public static void main(String[] args) {
    measured(1); // loads the classes
    System.out.println(measured(TENANTS) / TENANTS);
  }

  private static long measured(int tenants) {
    var fixture = new AdmissionFixture();
    var before = used();
    for (var i = 0; i < tenants; i++) {
      fixture.request(new Tenant(new TenantId("tenant-of-24-chars-" + (10_000 + i)), "free"));
    }
    var after = used();
    assertEquals(tenants, fixture.limiter.activeTenants());
    return after - before;
  }

  private static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
