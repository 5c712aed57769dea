package dev.partywall.observability.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Response.SendResult;
import dev.partywall.tenancy.TenantId;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class TenantSeriesTest {
  private static final SendResult SENT = new SendResult(10, Duration.ofMillis(1), true);

  private final TenantSeries series = new TenantSeries(100);

  @Test
  void boundsTheSeriesOfTenThousandTenantsAndCountsEveryRequest() {
    for (var round = 0; round < 3; round++) {
      for (var i = 0; i < 10_000; i++) {
        count("t" + i, 1);
      }
      assertTrue(requests().size() <= 101);
      series.updateRanking();
      assertTrue(requests().size() <= 101);
    }
    assertTrue(
        series.collect().stream().mapToInt(metric -> metric.getDataPoints().size()).sum()
            <= 101 * 5);
    assertEquals(30_000, requests().values().stream().mapToDouble(count -> count).sum());
  }

  @Test
  void boundsTheSeriesUnderConcurrentRequests() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 10_000; i++) {
        var tenant = "t" + i;
        threads.execute(() -> count(tenant, 2));
      }
    }
    assertEquals(101, requests().size());
    assertEquals(20_000, requests().values().stream().mapToDouble(count -> count).sum());
  }

  @Test
  void namesTheBusiestTenants() {
    for (var i = 0; i < 100; i++) {
      count("early" + i, 2);
    }
    count("busy", 50);
    assertFalse(requests().containsKey("busy"));
    series.updateRanking();
    count("busy", 50);
    assertEquals(50, requests().get("busy"));
    assertEquals(101, requests().size());
  }

  @Test
  void keepsTheNamedTenantIfACandidateIsEquallyBusy() {
    for (var i = 0; i < 100; i++) {
      count("early" + i, 10);
    }
    for (var sweep = 0; sweep < 5; sweep++) {
      count("rival", 10);
      for (var i = 0; i < 100; i++) {
        count("early" + i, 10);
      }
      series.updateRanking();
      assertFalse(requests().containsKey("rival"));
    }
  }

  @Test
  void removesTheSeriesOfAnIdleTenant() {
    count("acme", 1);
    series.updateRanking();
    for (var minute = 0; minute < 59; minute++) {
      series.updateRanking();
    }
    assertTrue(requests().containsKey("acme"));
    series.updateRanking();
    assertFalse(requests().containsKey("acme"));
  }

  @Test
  void noTenantSharesTheSeriesOfAllOtherTenants() {
    count("other", 3);
    assertEquals(Map.of("other", 3.0, "_other", 0.0), requests());
    assertThrows(IllegalArgumentException.class, () -> new TenantId("_other"));
  }

  private void count(String tenant, int times) {
    for (var i = 0; i < times; i++) {
      series.count(new TenantId(tenant), 200, SENT);
    }
  }

  private Map<String, Double> requests() {
    var counts = new TreeMap<String, Double>();
    for (var snapshot : series.collect()) {
      if (snapshot.getMetadata().getName().equals("partywall_tenant_requests")) {
        ((CounterSnapshot) snapshot)
            .getDataPoints()
            .forEach(point ->
                counts.merge(point.getLabels().get("tenant_id"), point.getValue(), Double::sum));
      }
    }
    return counts;
  }
}
