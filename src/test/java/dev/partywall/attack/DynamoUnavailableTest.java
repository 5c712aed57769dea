package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.aws.FaultInjection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DynamoDB fails during 500 requests on 100 connections. */
@WithAttackFixture
class DynamoUnavailableTest {
  private static final int CONNECTIONS = 100;
  private static final int REQUESTS_PER_CONNECTION = 5;

  private final AttackFixture fixture;
  private final TenantTraffic scenario;
  private final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
  private final AtomicInteger sent = new AtomicInteger();

  DynamoUnavailableTest(AttackFixture fixture) {
    this.fixture = fixture;
    this.scenario = new TenantTraffic(fixture);
  }

  /**
   * A failure of DynamoDB.
   *
   * @param afterRequests the number of requests before the failure; late for a hanging DynamoDB,
   *     since each later request waits for its timeout
   */
  record DynamoOutage(int afterRequests, Consumer<FaultInjection> failure) {}

  static List<Named<DynamoOutage>> outages() {
    return List.of(
        Named.of("refuses connections", new DynamoOutage(250, FaultInjection::dropConnections)),
        Named.of("returns errors", new DynamoOutage(250, FaultInjection::respondUnavailable)),
        Named.of(
            "hangs",
            new DynamoOutage(460, dynamo -> dynamo.delayResponses(Duration.ofSeconds(60)))));
  }

  @AfterEach
  void restore() {
    fixture.aws().aws().dynamoFaults().restore();
  }

  /**
   * A connection times out after a minute, which fails the test for a request without a response.
   */
  @ParameterizedTest
  @MethodSource("outages")
  void answersEveryRequestAndRecoversWithoutRestartWhenDynamoDb(DynamoOutage outage)
      throws Exception {
    AttackWorkers.run(CONNECTIONS, worker -> sendRequests(worker, outage));
    assertTrue(Set.of(200, 201, 503).containsAll(statuses.keySet()), statuses::toString);
    assertEquals(
        CONNECTIONS * REQUESTS_PER_CONNECTION,
        statuses.values().stream().mapToInt(AtomicInteger::get).sum());
    assertTrue(statuses.containsKey(503) && statuses.containsKey(200), statuses::toString);
    restore();
    awaitService();
  }

  private void sendRequests(int worker, DynamoOutage outage) {
    try (var client = new AttackHttpClient(fixture.port())) {
      for (var i = 0; i < REQUESTS_PER_CONNECTION; i++) {
        if (sent.incrementAndGet() == outage.afterRequests()) {
          outage.failure().accept(fixture.aws().aws().dynamoFaults());
        }
        var tenant = fixture.tenants().get(worker % fixture.tenants().size()).name();
        var answer =
            worker % 4 == 0 ? scenario.place(client, tenant) : scenario.list(client, tenant);
        statuses.computeIfAbsent(answer.status(), _ -> new AtomicInteger()).incrementAndGet();
      }
    }
  }

  /** Waits until every tenant is served again, without a restart. */
  private void awaitService() throws InterruptedException {
    try (var client = new AttackHttpClient(fixture.port())) {
      for (var tenant : fixture.tenants()) {
        while (scenario.list(client, tenant.name()).status() != 200) {
          Thread.sleep(20);
        }
        assertEquals(201, scenario.place(client, tenant.name()).status());
      }
    }
  }
}
