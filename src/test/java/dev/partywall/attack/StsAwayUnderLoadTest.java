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
import org.junit.jupiter.api.extension.ExtendWith;

/** STS is unavailable for ten minutes under load. The test advances the clock. */
@ExtendWith(SharedHouse.class)
class StsAwayUnderLoadTest {
  private static final int TENANTS = 12;
  private static final Duration STEP = Duration.ofSeconds(10);

  private final House fixture;
  private final Scenario scenario;
  private final String group = "known-" + UUID.randomUUID().toString().substring(0, 8) + "-";
  private final List<String> known = IntStream.range(0, TENANTS).mapToObj(i -> group + i).toList();

  StsAwayUnderLoadTest(House fixture) {
    this.fixture = fixture;
    this.scenario = new Scenario(fixture);
  }

  @BeforeEach
  void loadCredentials() throws Exception {
    load(Duration.ZERO, STEP);
  }

  @AfterEach
  void restore() {
    fixture.aws().aws().sts().back();
    fixture.aws().aws().sts().delay(Duration.ZERO);
  }

  /** In each step, sends one request of each known tenant in parallel and expects 200. */
  private void load(Duration time, Duration step) throws Exception {
    for (var elapsed = Duration.ZERO; elapsed.compareTo(time) <= 0; elapsed = elapsed.plus(step)) {
      step(step);
    }
  }

  private void step(Duration time) throws Exception {
    Gang.run(
        TENANTS,
        worker -> {
          try (var client = new Phone(fixture.port())) {
            var answer = scenario.list(client, known.get(worker));
            assertEquals(200, answer.status(), answer::toString);
          }
        });
    fixture.clock().pass(time);
  }

  @Test
  void servesKnownTenantsAndRenewsTheCredentialsOfEachExactlyOnceAfterwards() throws Exception {
    // Just before the first renewal: the worst moment.
    fixture.clock().pass(Duration.ofMinutes(34));
    fixture.aws().aws().sts().gone();
    load(Duration.ofMinutes(10), STEP);
    fixture.aws().aws().sts().back();
    var before = scenario.asked(group);
    // In small steps: calls to STS take real time.
    while (scenario.asked(group) - before < TENANTS) {
      step(Duration.ofSeconds(1));
    }
    load(Duration.ofMinutes(20), Duration.ofMinutes(2));
    // One call per tenant: no stampede of waiting requests, and no duplicate calls.
    assertEquals(TENANTS, scenario.asked(group) - before);
  }

  @Test
  void answersANewTenantWithRetryAfterAndServesItSoonAfterStsRecovers() throws Exception {
    fixture.aws().aws().sts().gone();
    var newTenant = "new-" + System.nanoTime();
    Gang.run(
        50,
        _ -> {
          try (var client = new Phone(fixture.port())) {
            var answer = scenario.list(client, newTenant);
            assertEquals(503, answer.status());
            assertTrue(answer.field("Retry-After").isPresent());
          }
        });
    // One call for all 50 requests; the SDK attempts it twice.
    assertEquals(2, scenario.asked(newTenant));
    fixture.aws().aws().sts().back();
    fixture.clock().pass(Duration.ofSeconds(2));
    serve(newTenant);
    assertEquals(3, scenario.asked(newTenant));
  }

  /**
   * The response arrives within the request timeout, which is shorter than the client's timeout.
   */
  @Test
  void answersANewTenantWithinTheRequestTimeoutWhileStsHangs() throws Exception {
    fixture.aws().aws().sts().delay(Duration.ofSeconds(60));
    try (var client = new Phone(fixture.port())) {
      assertEquals(503, scenario.list(client, "new-" + System.nanoTime()).status());
      assertEquals(200, scenario.list(client, known.getFirst()).status());
    }
  }

  private void serve(String tenant) {
    try (var client = new Phone(fixture.port())) {
      assertEquals(200, scenario.list(client, tenant).status());
    }
  }
}
