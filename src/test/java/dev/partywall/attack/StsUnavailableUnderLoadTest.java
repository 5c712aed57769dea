package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** STS is unavailable for ten minutes under load. The test advances the clock. */
@WithAttackFixture
class StsUnavailableUnderLoadTest {
  private static final int TENANTS = 12;
  private static final Duration STEP = Duration.ofSeconds(30);

  private final AttackFixture fixture;
  private final TenantTraffic scenario;
  private final String group = "known-" + UUID.randomUUID().toString().substring(0, 8) + "-";
  private final List<String> known = IntStream.range(0, TENANTS).mapToObj(i -> group + i).toList();

  StsUnavailableUnderLoadTest(AttackFixture fixture) {
    this.fixture = fixture;
    this.scenario = new TenantTraffic(fixture);
  }

  @BeforeEach
  void loadCredentials() throws Exception {
    load(Duration.ZERO, STEP);
  }

  @AfterEach
  void restore() {
    fixture.aws().aws().stsFaults().restore();
  }

  /** In each step, sends one request of each known tenant in parallel and expects 200. */
  private void load(Duration time, Duration step) throws Exception {
    for (var elapsed = Duration.ZERO; elapsed.compareTo(time) <= 0; elapsed = elapsed.plus(step)) {
      step(step);
    }
  }

  private void step(Duration time) throws Exception {
    AttackWorkers.run(
        TENANTS,
        worker -> {
          try (var client = new AttackHttpClient(fixture.port())) {
            var answer = scenario.list(client, known.get(worker));
            assertEquals(200, answer.status(), answer::toString);
          }
        });
    fixture.clock().advance(time);
  }

  @Test
  void servesKnownTenantsAndRenewsTheCredentialsOfEachExactlyOnceAfterwards() throws Exception {
    // Just before the first renewal: the worst moment.
    fixture.clock().advance(Duration.ofMinutes(34));
    fixture.aws().aws().stsFaults().dropConnections();
    load(Duration.ofMinutes(10), STEP);
    // A call that starts during the outage fails, even if the outage ends before the call does.
    assertEquals(TENANTS, scenario.issuedCredentials(group));
    fixture.aws().aws().stsFaults().restore();
    // In small steps: calls to STS take real time.
    while (scenario.issuedCredentials(group) < 2 * TENANTS) {
      step(Duration.ofSeconds(1));
    }
    load(Duration.ofMinutes(20), Duration.ofMinutes(2));
    // Once per tenant: requests that wait together cause one call.
    assertEquals(2 * TENANTS, scenario.issuedCredentials(group));
  }

  @Test
  void answersANewTenantWithRetryAfterAndServesItSoonAfterStsRecovers() throws Exception {
    fixture.aws().aws().stsFaults().dropConnections();
    var newTenant = "new-" + System.nanoTime();
    AttackWorkers.run(
        50,
        _ -> {
          try (var client = new AttackHttpClient(fixture.port())) {
            var answer = scenario.list(client, newTenant);
            assertEquals(503, answer.status());
            assertTrue(answer.field("Retry-After").isPresent());
          }
        });
    // One call for all 50 requests; the SDK attempts it twice.
    assertEquals(2, scenario.credentialRequests(newTenant));
    fixture.aws().aws().stsFaults().restore();
    fixture.clock().advance(Duration.ofSeconds(2));
    serve(newTenant);
    assertEquals(3, scenario.credentialRequests(newTenant));
  }

  /**
   * The response arrives within the request timeout, which is shorter than the client's timeout.
   */
  @Test
  void answersANewTenantWithinTheRequestTimeoutWhileStsHangs() throws Exception {
    fixture.aws().aws().stsFaults().delayResponses(Duration.ofSeconds(60));
    try (var client = new AttackHttpClient(fixture.port())) {
      assertEquals(503, scenario.list(client, "new-" + System.nanoTime()).status());
      assertEquals(200, scenario.list(client, known.getFirst()).status());
    }
  }

  private void serve(String tenant) {
    try (var client = new AttackHttpClient(fixture.port())) {
      assertEquals(200, scenario.list(client, tenant).status());
    }
  }
}
