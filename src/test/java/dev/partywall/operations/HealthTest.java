package dev.partywall.operations;

import static dev.partywall.concurrent.Latches.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.operations.DependencyHealth.ProbeResult;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final AtomicReference<ProbeResult> result =
      new AtomicReference<>(ProbeResult.unusable("no keys yet"));
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T08:00:00Z"));
  private final DependencyHealth issuer = new DependencyHealth("issuer", result::get, now::get);

  @Test
  void isNotReadyBeforeEachDependencyWasUsableOnce() throws IOException {
    try (var health = withoutProber()) {
      issuer.check();
      assertEquals(503, ready(health).status());
      assertEquals("starting", json(ready(health)).get("status").textValue());
      assertEquals("no keys yet", json(ready(health)).at("/checks/0/problem").textValue());
    }
  }

  @Test
  void isNotReadyBeforeThePublicPortIsOpen() throws IOException {
    try (var health = new Health(List.of(issuer))) {
      probeHealthyAt("2026-11-24T08:00:05Z");
      assertEquals(503, ready(health).status());
      assertEquals("starting", json(ready(health)).get("status").textValue());
      health.serve();
      assertEquals(200, ready(health).status());
      assertEquals("ready", json(ready(health)).get("status").textValue());
    }
  }

  @Test
  void staysReadyButDegradedWhenADependencyFailsLater() throws IOException {
    try (var health = withoutProber()) {
      probeHealthyAt("2026-11-24T08:00:05Z");
      assertEquals("ready", json(ready(health)).get("status").textValue());
      probeFailedAt("2026-11-24T08:00:10Z");
      probeFailedAt("2026-11-24T08:00:15Z");
      assertEquals(200, ready(health).status());
      var body = json(ready(health));
      assertEquals("degraded", body.get("status").textValue());
      assertEquals("2026-11-24T08:00:10Z", body.at("/checks/0/since").textValue());
    }
  }

  @Test
  void isReadyButDegradedWithAnImpairedDependency() throws IOException {
    try (var health = withoutProber()) {
      result.set(ProbeResult.degraded("one issuer of two is unavailable"));
      issuer.check();
      assertEquals(200, ready(health).status());
      assertEquals("degraded", json(ready(health)).get("status").textValue());
    }
  }

  @Test
  void isLiveButNotReadyWhileDraining() throws IOException {
    try (var health = withoutProber()) {
      probeHealthyAt("2026-11-24T08:00:05Z");
      assertTrue(health.ready());
      health.drain();
      assertFalse(health.ready());
      assertEquals(503, ready(health).status());
      assertEquals(200, get(health, "/health/live").status());
    }
  }

  @Test
  void failedProbeIsAResultAndProbingContinues() {
    var probes = new AtomicInteger();
    DependencyHealth.Probe failsOnce =
        () -> {
          if (probes.getAndIncrement() == 0) {
            throw new IllegalStateException("simulated failure");
          }
          return ProbeResult.HEALTHY;
        };
    var dependency = new DependencyHealth("dependency", failsOnce, now::get);
    dependency.check();
    assertEquals(Optional.of("the probe failed"), dependency.state().problem());
    assertFalse(dependency.state().everUsable());
    dependency.check();
    assertTrue(dependency.state().isHealthy());
  }

  @Test
  void probesAtOnceAndEvery500MillisecondsUntilReady() throws InterruptedException {
    var probes = new LinkedBlockingQueue<Long>();
    var probed =
        new DependencyHealth(
            "probed",
            () -> {
              probes.add(System.nanoTime());
              return probes.size() < 2 ? ProbeResult.unusable("no keys yet") : ProbeResult.HEALTHY;
            },
            now::get);
    var start = System.nanoTime();
    try (var _ = Health.start(List.of(probed))) {
      var first = probes.poll(10, TimeUnit.SECONDS);
      var second = probes.poll(10, TimeUnit.SECONDS);
      assertTrue(second - first >= 500_000_000, () -> (second - first) + " ns");
      assertTrue(first - start < 400_000_000, () -> (first - start) + " ns");
    }
  }

  @Test
  void closesWithoutWaitingForASlowProbe() throws InterruptedException {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var slow =
        new DependencyHealth(
            "slow",
            () -> {
              entered.countDown();
              await(release);
              return ProbeResult.HEALTHY;
            },
            now::get);
    try {
      var health = Health.start(List.of(slow));
      assertTrue(entered.await(10, TimeUnit.SECONDS));
      health.close(); // does not return if it waits
      assertFalse(health.ready());
    } finally {
      release.countDown();
    }
  }

  /** Returns a health object without periodic probes; the test probes explicitly. */
  private Health withoutProber() {
    var health = new Health(List.of(issuer));
    health.serve();
    return health;
  }

  private void probeHealthyAt(String time) {
    now.set(Instant.parse(time));
    result.set(ProbeResult.HEALTHY);
    issuer.check();
  }

  private void probeFailedAt(String time) {
    now.set(Instant.parse(time));
    result.set(ProbeResult.unusable("connection refused"));
    issuer.check();
  }

  private static Response ready(Health health) {
    return get(health, "/health/ready");
  }

  private static Response get(Health health, String template) {
    var request = Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
    return health.routes().stream()
        .filter(route -> route.template().equals(template))
        .findFirst()
        .orElseThrow()
        .handler()
        .handle(request);
  }

  private static JsonNode json(Response response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
