package dev.partywall.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Target;
import dev.partywall.operations.Dependency.Finding;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final AtomicReference<Finding> found = new AtomicReference<>(Finding.away("no keys yet"));
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T08:00:00Z"));
  private final Dependency issuer = new Dependency("issuer", found::get, now::get);

  @Test
  void isNotReadyBeforeEachDependencyCouldBeUsedOnce() throws IOException {
    try (var health = quiet()) {
      issuer.look();
      assertEquals(503, ready(health).status());
      assertEquals("starting", json(ready(health)).get("status").textValue());
      assertEquals("no keys yet", json(ready(health)).at("/checks/0/problem").textValue());
    }
  }

  @Test
  void staysReadyAndSaysSoWhenADependencyIsAwayLater() throws IOException {
    try (var health = quiet()) {
      wellAt("2026-11-24T08:00:05Z");
      assertEquals("ready", json(ready(health)).get("status").textValue());
      awayAt("2026-11-24T08:00:10Z");
      awayAt("2026-11-24T08:00:15Z");
      assertEquals(200, ready(health).status());
      var told = json(ready(health));
      assertEquals("degraded", told.get("status").textValue());
      assertEquals("2026-11-24T08:00:10Z", told.at("/checks/0/since").textValue());
    }
  }

  @Test
  void isReadyWithAnImpairedDependencyAndSaysSo() throws IOException {
    try (var health = quiet()) {
      found.set(Finding.impaired("one issuer of two is away"));
      issuer.look();
      assertEquals(200, ready(health).status());
      assertEquals("degraded", json(ready(health)).get("status").textValue());
    }
  }

  @Test
  void isNotReadyWhileItDrainsButLives() throws IOException {
    try (var health = quiet()) {
      wellAt("2026-11-24T08:00:05Z");
      assertTrue(health.ready());
      health.drain();
      assertFalse(health.ready());
      assertEquals(503, ready(health).status());
      assertEquals(200, ask(health, "/health/live").status());
    }
  }

  @Test
  void aLookThatFailsIsAFindingAndTheNextOneCounts() {
    var looks = new AtomicInteger();
    Dependency.Probe stumbles =
        () -> {
          if (looks.getAndIncrement() == 0) {
            throw new IllegalStateException("stumbled");
          }
          return Finding.WELL;
        };
    var stumbling = new Dependency("stumbling", stumbles, now::get);
    stumbling.look();
    assertEquals(Optional.of("the look at it failed"), stumbling.state().problem());
    assertFalse(stumbling.state().everUsable());
    stumbling.look();
    assertTrue(stumbling.state().well());
  }

  /** The watch is ended, so that nobody but the test looks. */
  private Health quiet() {
    var health = new Health(List.of(issuer));
    health.close();
    return health;
  }

  private void wellAt(String time) {
    now.set(Instant.parse(time));
    found.set(Finding.WELL);
    issuer.look();
  }

  private void awayAt(String time) {
    now.set(Instant.parse(time));
    found.set(Finding.away("connection refused"));
    issuer.look();
  }

  private static Response ready(Health health) {
    return ask(health, "/health/ready");
  }

  private static Response ask(Health health, String template) {
    var request = Request.of("GET", Target.ROOT, Headers.NONE, Body.NONE);
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
