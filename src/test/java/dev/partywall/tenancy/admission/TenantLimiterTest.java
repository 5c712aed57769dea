package dev.partywall.tenancy.admission;

import static dev.partywall.concurrent.Latches.await;
import static dev.partywall.tenancy.admission.AdmissionFixture.ACME;
import static dev.partywall.tenancy.admission.AdmissionFixture.SECOND;
import static dev.partywall.tenancy.admission.AdmissionFixture.limits;
import static dev.partywall.tenancy.admission.AdmissionFixture.registered;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.admission.TenantAdmission.Outcome;
import dev.partywall.tenancy.admission.TenantLimiter.Decision;
import dev.partywall.tenancy.admission.TenantLimiter.LimitedTenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TenantLimiterTest {
  private final AdmissionFixture fixture = new AdmissionFixture();
  private final TenantLimiter limiter = fixture.limiter;

  @Test
  void limitsTheRateOfEachTenant() {
    assertEquals(20, fixture.admitted(ACME, 30));
    assertEquals(20, fixture.admitted(registered("globex", "free", 1), 30));
    fixture.advance(SECOND);
    assertEquals(10, fixture.admitted(ACME, 30));
  }

  @Test
  void aTenantThatIsRegisteredAgainStartsWithAFullBucket() {
    assertEquals(20, fixture.admitted(ACME, 30));
    assertEquals(0, fixture.admitted(registered("acme", "free", 2, 1), 30));
    assertEquals(1, limiter.limited().size());
    var second = registered("acme", "free", 1, 2);
    var inFlight = limiter.admit(second);
    assertEquals(Outcome.ADMITTED, inFlight.outcome());
    assertEquals(List.of(), limiter.limited());
    assertEquals(1, limiter.recentRequests(ACME.id()));
    assertEquals(19, fixture.admitted(second, 30));
    assertEquals(0, fixture.admitted(ACME, 30), "the first incarnation gains nothing");
  }

  @Test
  void limitsTheRequestsInFlight() {
    var decisions = new ArrayList<Decision>();
    for (var i = 0; i < 6; i++) {
      decisions.add(limiter.admit(ACME));
    }
    assertEquals(Outcome.ADMITTED, decisions.get(4).outcome());
    assertEquals(Outcome.OVER_IN_FLIGHT, decisions.get(5).outcome());
    assertEquals(15, decisions.get(5).status().remaining(), "the rejection consumed nothing");

    decisions.get(0).tenant().end();
    assertEquals(Outcome.ADMITTED, fixture.request(ACME));
  }

  @Test
  void limitsTheRequestsOfTheMonth() {
    fixture.used = 99_999;
    assertEquals(Outcome.ADMITTED, fixture.request(ACME));
    fixture.used = 100_001;

    var decision = limiter.admit(ACME);

    assertEquals(Outcome.OVER_MONTH, decision.outcome());
    assertEquals(OptionalLong.of(0), decision.status().monthRemaining());
    assertEquals(2_592_000, decision.status().monthSeconds());
    assertEquals(19, decision.status().remaining(), "the rejection consumed nothing");
  }

  @Test
  void reportsTheTimeToTheEndOfTheMonth() {
    fixture.used = 40;
    fixture.time = Instant.parse("2026-11-30T23:59:58.900Z");
    assertEquals(2, limiter.status(ACME).monthSecondsLeft());
    assertEquals(OptionalLong.of(99_960), limiter.status(ACME).monthRemaining());

    fixture.time = Instant.parse("2026-12-01T00:00:00Z");
    assertEquals(2_678_400, limiter.status(ACME).monthSecondsLeft());
    assertEquals(2_678_400, limiter.status(ACME).monthSeconds());
  }

  @Test
  void permitsOnlyTheShareOfThisInstance() {
    fixture.share = 0.25;
    assertEquals(5, fixture.admitted(ACME, 30));
    fixture.share = 1;
    assertEquals(0, fixture.admitted(ACME, 30), "a larger share does not fill the bucket");
    fixture.advance(SECOND);
    assertEquals(10, fixture.admitted(ACME, 30));
  }

  @Test
  void theStatusConsumesNothing() {
    for (var i = 0; i < 100; i++) {
      assertEquals(20, limiter.status(ACME).remaining());
    }
    assertEquals(0, limiter.activeTenants());
    fixture.admitted(ACME, 3);
    assertEquals(17, limiter.status(ACME).remaining());
    assertEquals(100_000_000, limiter.status(ACME).nanosToNext());
  }

  @Test
  void computesTheLimitsOncePerRecord() {
    fixture.admitted(ACME, 10);
    assertEquals(1, fixture.lookups);
    fixture.admitted(registered("acme", "free", 2), 5);
    assertEquals(2, fixture.lookups);
  }

  @Test
  void aNewTierAppliesToTheNextRequestAndFillsNothing() {
    fixture.tiers.put("large", limits(100, 2_000, 200));
    assertEquals(20, fixture.admitted(ACME, 30));
    assertEquals(0, fixture.admitted(registered("acme", "large", 2), 30));
    fixture.advance(SECOND);
    assertEquals(100, fixture.admitted(registered("acme", "large", 2), 200));
  }

  @Test
  void aTenantThatIsNotRegisteredHasTheTierOfItsToken() {
    assertEquals(20, fixture.admitted(new Tenant(new TenantId("a"), "free"), 300));
    assertEquals(200, fixture.admitted(new Tenant(new TenantId("b"), "standard"), 300));
  }

  @Test
  void dropsATenantOnlyIfItsBucketIsFullAndNoRequestIsInFlight() {
    var decision = limiter.admit(ACME);
    fixture.advance(SECOND);
    limiter.sweep(); // ends a pass that has begun before the tenant's first request
    limiter.sweep();
    assertEquals(1, limiter.activeTenants(), "a request is in flight");

    decision.tenant().end();
    fixture.admitted(ACME, 1);
    fixture.advance(SECOND / 10 - 1);
    limiter.sweep();
    assertEquals(1, limiter.activeTenants(), "the bucket is not full");

    fixture.advance(1);
    limiter.sweep();
    assertEquals(0, limiter.activeTenants());
  }

  @Test
  void aFloodOfDifferentTenantsDoesNotGrowMemory() {
    var max = 0;
    for (var i = 0; i < 50_000; i++) {
      fixture.request(new Tenant(new TenantId("tenant-" + i), "free"));
      fixture.advance(SECOND / 10_000);
      max = Math.max(max, limiter.activeTenants());
    }
    // A bucket is full after 0.1 s, in which 1,000 requests arrive.
    assertTrue(max < 3_000, () -> limiter.activeTenants() + " tenants");
  }

  @Test
  void oneSweepChecksABoundedNumberOfTenants() {
    for (var i = 0; i < 25_000; i++) {
      fixture.request(new Tenant(new TenantId("tenant-" + i), "free"));
    }
    fixture.advance(SECOND);
    limiter.sweep();
    assertEquals(15_000, limiter.activeTenants());
    limiter.sweep();
    assertEquals(5_000, limiter.activeTenants());
    // The checks at the arrival of new tenants had passed some of the others.
    limiter.sweep();
    limiter.sweep();
    assertEquals(0, limiter.activeTenants());
  }

  @Test
  void reportsTheTenantsThatItHasLimited() {
    var globex = registered("globex", "free", 1);
    fixture.admitted(ACME, 25);
    fixture.admitted(globex, 50);
    fixture.admitted(registered("quiet", "free", 1), 5);
    assertEquals(
        List.of(new LimitedTenant(globex.id(), 50), new LimitedTenant(ACME.id(), 25)),
        limiter.limited());

    fixture.advance(8 * SECOND);
    assertEquals(List.of(), limiter.limited());
  }

  @Test
  void reportsTheHundredLimitedTenantsWithTheMostRequests() {
    IntStream.rangeClosed(1, 150)
        .forEach(i -> fixture.admitted(registered("tenant-" + i, "free", 1), 20 + i));
    var limited = limiter.limited();
    assertEquals(100, limited.size());
    assertEquals(170, limited.getFirst().requests());
    assertEquals(71, limited.getLast().requests());
  }

  @Test
  void countsTheRequestsOfTheLastFourSeconds() {
    fixture.nanos = 0;
    fixture.admitted(ACME, 100);
    fixture.advance(4 * SECOND);
    assertEquals(100, limiter.recentRequests(ACME.id()));
    fixture.advance(SECOND);
    assertEquals(75, limiter.recentRequests(ACME.id()));
    fixture.admitted(ACME, 8);
    fixture.advance(2 * SECOND);
    assertEquals(33, limiter.recentRequests(ACME.id()));
    fixture.advance(5 * SECOND);
    assertEquals(0, limiter.recentRequests(ACME.id()));
    assertEquals(0, limiter.recentRequests(new TenantId("unknown")));
  }

  @Test
  void concurrentRequestsAndSweepsGainNothing() {
    var start = new CountDownLatch(1);
    var admitted = new AtomicInteger();
    fixture.tiers.put("free", limits(1, 500, 1_000));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 8; i++) {
        threads.execute(() -> {
          await(start);
          for (var j = 0; j < 250; j++) {
            limiter.sweep();
            admitted.addAndGet(fixture.admitted(ACME, 1));
          }
        });
      }
      start.countDown();
    }
    assertEquals(500, admitted.get());
  }
}
