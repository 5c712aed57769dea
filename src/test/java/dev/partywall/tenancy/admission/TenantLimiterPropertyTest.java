package dev.partywall.tenancy.admission;

import static dev.partywall.tenancy.admission.AdmissionFixture.SECOND;
import static dev.partywall.tenancy.admission.AdmissionFixture.registered;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.admission.TenantAdmission.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that no tenant gains a request by an eviction, a change of tier or a change of share. */
class TenantLimiterPropertyTest {
  private static final List<Limits> TIERS =
      List.of(
          AdmissionFixture.limits(10, 20, 5),
          AdmissionFixture.limits(1_000, 2_000, 5),
          AdmissionFixture.limits(3, 100, 5),
          AdmissionFixture.limits(100, 10, 5));

  private final AdmissionFixture fixture = new AdmissionFixture();

  /**
   * The ideal bucket of a tenant, whose state is never dropped. Only its used part is known, so no
   * change of tier has an effect on it.
   */
  private final class IdealBucket {
    private final String id;
    private int tier;
    private long version;
    private double used;
    private long at = fixture.nanos;

    IdealBucket(String id) {
      this.id = id;
    }

    Tenant tenant() {
      return registered(id, "tier-" + tier, version);
    }

    /** Changes the tier. It applies from the next request on, which follows immediately. */
    void change(int index) {
      drain();
      tier = index;
      version++;
      request();
    }

    private void drain() {
      var rate = TIERS.get(tier).rate().orElseThrow();
      var full = (double) rate.burst() / rate.requestsPerSecond();
      used = Math.max(0, used - (fixture.nanos - at) / 1e9 / full);
      at = fixture.nanos;
    }

    void request() {
      drain();
      var cost = 1 / (TIERS.get(tier).rate().orElseThrow().burst() * fixture.share);
      var isAdmitted = fixture.request(tenant()) == Outcome.ADMITTED;
      assertTrue(!isAdmitted || used + cost <= 1 + 1e-6, () -> "gained at " + used);
      assertTrue(isAdmitted || used + cost >= 1 - 1e-6, () -> "lost at " + used);
      used += isAdmitted ? cost : 0;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aRandomWalkNeverGainsARequest(long seed) {
    var random = new Random(seed);
    for (var i = 0; i < TIERS.size(); i++) {
      fixture.tiers.put("tier-" + i, TIERS.get(i));
    }
    var buckets = new ArrayList<IdealBucket>();
    for (var i = 0; i < 5; i++) {
      buckets.add(new IdealBucket("tenant-" + i));
    }
    for (var step = 0; step < 10_000; step++) {
      walk(random, buckets.get(random.nextInt(buckets.size())));
    }
  }

  private void walk(Random random, IdealBucket bucket) {
    switch (random.nextInt(40)) {
      case 0 -> bucket.change(random.nextInt(TIERS.size()));
      case 1 -> fixture.share = random.nextInt(1, 5) / 4.0;
      case 2 -> fixture.advance(random.nextLong(5 * SECOND));
      case 3, 4, 5 -> fixture.limiter.sweep();
      case 6, 7, 8, 9, 10 -> fixture.advance(random.nextLong(SECOND / 5));
      default -> bucket.request();
    }
  }
}
