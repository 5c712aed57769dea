package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.isolation.IssuingFailedException;
import dev.partywall.metering.UsageStatus;
import dev.partywall.observability.log.SuiteLog;
import dev.partywall.peers.PeerListener;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static final TenantId ACME = new TenantId("acme");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T08:00:00Z"));
  private final Telemetry telemetry = new Telemetry(now::get);

  @AfterEach
  void close() {
    telemetry.close(Duration.ZERO);
  }

  @Test
  void countsTokenLookupsByResult() {
    var tokens = telemetry.tokenListener();
    tokens.miss();
    tokens.hit();
    tokens.hit();
    assertMetric("partywall_cache_requests_total{cache=\"tokens\",result=\"hit\"} 2.0");
    assertMetric("partywall_cache_requests_total{cache=\"tokens\",result=\"miss\"} 1.0");
  }

  @Test
  void countsCallsToPeersByOutcome() {
    var peers = telemetry.peerListener(Set.of("orders", "tax"));
    peers.completed("orders", PeerListener.Outcome.REPLIED);
    peers.completed("orders", PeerListener.Outcome.REPLIED);
    peers.completed("tax", PeerListener.Outcome.TIMED_OUT);
    assertMetric("partywall_peer_requests_total{outcome=\"replied\",peer=\"orders\"} 2.0");
    assertMetric("partywall_peer_requests_total{outcome=\"timed_out\",peer=\"tax\"} 1.0");
  }

  @Test
  void exposesTheUsageThatTheLedgerLacks() {
    var status = new AtomicReference<>(new UsageStatus(List.of(), Optional.empty(), 1, 4_711));
    telemetry.registerUsage(status::get);
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
    var credentials = telemetry.credentialListener();
    credentials.failed(ACME, IssuingFailedException.FailureReason.UNAVAILABLE, false);
    var problem = telemetry.stsProblem().orElseThrow();
    assertTrue(problem.contains("2026-11-24T08:00:00Z"), problem);
    credentials.issued(ACME, Duration.ZERO);
    assertEquals(Optional.empty(), telemetry.stsProblem());
  }

  @Test
  void stsFailureExpires() {
    telemetry
        .credentialListener()
        .failed(ACME, IssuingFailedException.FailureReason.UNAVAILABLE, false);
    now.set(now.get().plus(Telemetry.StsStatus.MAX_FAILURE_AGE));
    assertTrue(telemetry.stsProblem().isPresent());
    now.set(now.get().plusSeconds(1));
    assertEquals(Optional.empty(), telemetry.stsProblem());
  }

  @Test
  void anUnavailableRegistryIsNoProblemOfSts() {
    telemetry
        .credentialListener()
        .failed(ACME, IssuingFailedException.FailureReason.REGISTRY_UNAVAILABLE, true);
    assertEquals(Optional.empty(), telemetry.stsProblem());
  }

  @Test
  void ignoresARejectionOfOneTenantWhileOthersSucceed() {
    var credentials = telemetry.credentialListener();
    credentials.issued(ACME, Duration.ZERO);
    credentials.failed(ACME, IssuingFailedException.FailureReason.REJECTED, false);
    assertEquals(Optional.empty(), telemetry.stsProblem());
  }

  @Test
  void reportsARejectionIfNoTenantSucceeds() {
    telemetry
        .credentialListener()
        .failed(ACME, IssuingFailedException.FailureReason.REJECTED, false);
    var problem = telemetry.stsProblem().orElseThrow();
    assertTrue(problem.contains(IssuingFailedException.FailureReason.REJECTED.toString()), problem);
  }

  @Test
  void auditsDeniedCallsWithAndWithoutATenant() throws InterruptedException {
    var lines = new ConcurrentLinkedQueue<String>();
    var unsubscribe = SuiteLog.addListener(lines::add);
    var denials = telemetry.accessDenialListener();
    denials.denied("PutItem", "usage-of-telemetry-test");
    TenantContext.call(
        new Tenant(ACME, "free"),
        () -> {
          denials.denied("GetItem", "orders-of-telemetry-test");
          return ACME;
        });
    SuiteLog.errorLines(); // waits for all lines
    unsubscribe.run();
    assertEquals(1, lines.stream().filter(line -> isDenial(line, "PutItem", "usage")).count());
    assertEquals(
        1,
        lines.stream()
            .filter(line -> isDenial(line, "GetItem", "orders"))
            .filter(line -> line.contains("\"tenant\":\"acme\""))
            .count());
  }

  private static boolean isDenial(String line, String operation, String table) {
    return line.contains("\"logger\":\"audit\"")
        && line.contains("\"action\":\"" + operation + "\"")
        && line.contains("\"object\":\"" + table + "-of-telemetry-test\"")
        && line.contains("\"reason\":\"access-denied\"");
  }

  private void assertMetric(String line) {
    var request = Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
    var page = telemetry.metrics().route().handler().handle(request).body();
    var text = new String(page, StandardCharsets.UTF_8);
    assertTrue(text.lines().anyMatch(line::equals), text);
  }
}
