package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.Target;
import dev.partywall.isolation.VendingFailed;
import dev.partywall.metering.UsageStatus;
import dev.partywall.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignalsTest {
  private static final TenantId ACME = new TenantId("acme");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T08:00:00Z"));
  private final Signals telemetry = new Signals(new SecureRandom(), now::get);

  @AfterEach
  void close() {
    telemetry.close(Duration.ZERO);
  }

  @Test
  void countsTokenLookupsByResult() {
    var tokens = telemetry.tokens();
    tokens.miss();
    tokens.hit();
    tokens.hit();
    assertMetric("partywall_cache_requests_total{cache=\"tokens\",result=\"hit\"} 2.0");
    assertMetric("partywall_cache_requests_total{cache=\"tokens\",result=\"miss\"} 1.0");
  }

  @Test
  void exposesTheUsageThatTheLedgerLacks() {
    var status = new AtomicReference<>(new UsageStatus(List.of(), Optional.empty(), 1, 4_711));
    telemetry.usage(status::get);
    now.set(now.get().plusSeconds(5));
    assertMetric("partywall_usage_journal_bytes 4711.0");
    assertMetric("partywall_usage_since_shipped_seconds 5.0");
    status.set(new UsageStatus(List.of(), Optional.of(now.get()), 0, 0));
    now.set(now.get().plusMillis(500));
    assertMetric("partywall_usage_journal_bytes 0.0");
    assertMetric("partywall_usage_since_shipped_seconds 0.5");
  }

  @Test
  void reportsStsFailuresUntilTheNextSuccess() {
    var credentials = telemetry.credentials();
    credentials.failed(ACME, VendingFailed.Reason.AWAY, false);
    var problem = telemetry.stsProblem().orElseThrow();
    assertTrue(problem.contains("2026-11-24T08:00:00Z"), problem);
    credentials.vended(ACME, Duration.ZERO);
    assertEquals(Optional.empty(), telemetry.stsProblem());
  }

  @Test
  void stsFailureExpires() {
    telemetry.credentials().failed(ACME, VendingFailed.Reason.AWAY, false);
    now.set(now.get().plus(StsStatus.HOLDS));
    assertTrue(telemetry.stsProblem().isPresent());
    now.set(now.get().plusSeconds(1));
    assertEquals(Optional.empty(), telemetry.stsProblem());
  }

  @Test
  void ignoresARejectionOfOneTenantWhileOthersSucceed() {
    var credentials = telemetry.credentials();
    credentials.vended(ACME, Duration.ZERO);
    credentials.failed(ACME, VendingFailed.Reason.REFUSED, false);
    assertEquals(Optional.empty(), telemetry.stsProblem());
  }

  @Test
  void reportsARejectionIfNoTenantSucceeds() {
    telemetry.credentials().failed(ACME, VendingFailed.Reason.REFUSED, false);
    var problem = telemetry.stsProblem().orElseThrow();
    assertTrue(problem.contains(VendingFailed.Reason.REFUSED.toString()), problem);
  }

  private void assertMetric(String line) {
    var request = Request.of("GET", Target.ROOT, Headers.NONE, Body.NONE);
    var page = telemetry.metricsRoute().handler().handle(request).body();
    var text = new String(page, StandardCharsets.UTF_8);
    assertTrue(text.lines().anyMatch(line::equals), text);
  }
}
