package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.Main;
import dev.partywall.PartywallProcess;
import dev.partywall.concurrent.Conditions;
import dev.partywall.http.server.RawClient;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attacks a service with a heap of 256 MB in its own process: with unfinished header fields and
 * bodies, idle connections, abandoned requests and rejected ones. {@code -Dattackers=3000} sets
 * their number.
 */
@WithAttackFixture
class SurvivalTest {
  private static final int ATTACKERS = Integer.getInteger("attackers", 300);
  private static final int WORKERS = 8;
  private static final Duration FLOOD = Duration.ofSeconds(30);

  /** The caches and the connections to DynamoDB grow by less than 3 MB; 100 bodies take 20 MB. */
  private static final long MAX_HEAP_GROWTH = 8 << 20;

  /** The connections to DynamoDB differ from one measurement to the next. */
  private static final int MAX_DIFFERENCE = 40;

  private final AttackFixture fixture;
  private final String attacker;
  private final String tenant;
  @TempDir private Path journal;

  SurvivalTest(AttackFixture fixture) {
    this.fixture = fixture;
    attacker = fixture.tokens().forOtherProcess("globex");
    tenant = fixture.tokens().forOtherProcess("acme");
  }

  private PartywallProcess start(String... options) throws IOException {
    var environment = new HashMap<>(fixture.environment());
    environment.put("PARTYWALL_JOURNAL_DIR", journal.toString());
    var all = new ArrayList<>(List.of(options));
    all.add("-Xmx256m");
    return new PartywallProcess(Main.class, all, environment);
  }

  @Test
  void otherTenantsAreServedDuringAndAfterEachAttack() throws Exception {
    try (var service = start(connectionLimit());
        var resident = new AttackHttpClient(service.awaitReady().port())) {
      warm(resident);
      var latencyBefore = medianLatency(resident);
      var before = ProcessFootprint.of(service.pid());

      attack(service, resident, ATTACKERS, true, client -> client.send(unfinishedHeader()));
      attack(service, resident, ATTACKERS * 2 / 5, true, client -> client.send(unfinishedBody()));
      attack(service, resident, ATTACKERS * 5 / 2, false, _ -> {});
      attack(service, resident, ATTACKERS * 2 / 3, true, this::abandonRequest);

      assertRecovered(service, resident, before, latencyBefore);
    }
  }

  /** Fewer attackers need a lower limit, because the idle connections must reach it. */
  private static String[] connectionLimit() {
    return ATTACKERS < 1_000
        ? new String[] {"-Djdk.httpserver.maxConnections=" + 2 * ATTACKERS}
        : new String[0];
  }

  /**
   * The attackers send faster than the processors can respond, so all of their connections have a
   * request at the same time. Those above the limit of this heap are closed, and opened again.
   */
  @Test
  @EnabledIfSystemProperty(named = "attackers", matches = "\\d{4,}", disabledReason = "too few")
  void survivesClientsThatRepeatRejectedRequestsWithLargeHeaders() throws Exception {
    try (var service = start();
        var resident = new AttackHttpClient(service.awaitReady().port())) {
      warm(resident);
      var latencyBefore = medianLatency(resident);
      var before = ProcessFootprint.of(service.pid());

      repeatRejectedRequests(service, resident);

      assertRecovered(service, resident, before, latencyBefore);
    }
  }

  /** Meanwhile, sends the requests of a tenant, and repeats each one until it is served. */
  private void repeatRejectedRequests(PartywallProcess service, AttackHttpClient resident) {
    var stopped = new AtomicBoolean();
    try (var attackers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < ATTACKERS; i++) {
        attackers.execute(() -> repeatRejectedRequest(service.port(), stopped));
      }
      try {
        var order = ApiRequest.get("/orders?limit=1").withToken(tenant);
        for (var end = Instant.now().plus(FLOOD); Instant.now().isBefore(end); ) {
          assertLive(service);
          Conditions.await(() -> resident.send(order).status() == 200, "the tenant is not served");
        }
      } finally {
        stopped.set(true);
      }
    }
  }

  private static void repeatRejectedRequest(int port, AtomicBoolean stopped) {
    var request =
        bytes(
            "GET /orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted("a".repeat(12_000)));
    while (!stopped.get()) {
      try (var client = new RawClient(port)) {
        while (!stopped.get()) {
          client.send(request).read();
        }
      } catch (IOException _) {
        // Closed by the service: there are too many connections. Without a pause, the attackers
        // would take the processors from the database in this process.
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  /** One connection of the attacker. */
  @FunctionalInterface
  private interface Attacker {
    void attack(RawClient client) throws IOException;
  }

  /**
   * Keeps the connections open while it checks the service.
   *
   * @param acceptsConnections whether the attack leaves room for other new connections
   */
  private void attack(
      PartywallProcess service,
      AttackHttpClient resident,
      int connections,
      boolean acceptsConnections,
      Attacker attacker)
      throws Exception {
    var open = new ConcurrentLinkedQueue<RawClient>();
    AttackWorkers.run(
        WORKERS,
        worker -> {
          for (var i = worker; i < connections; i += WORKERS) {
            connect(service.port(), attacker, open);
          }
        });
    for (var i = 0; i < 10; i++) {
      assertServed(resident);
      assertLive(service);
      if (acceptsConnections) {
        try (var other = new AttackHttpClient(service.port())) {
          assertServed(other);
        }
      }
    }
    for (var client : open) {
      client.close();
    }
  }

  /** The service may close the connection at any time. */
  private static void connect(int port, Attacker attacker, Queue<RawClient> open)
      throws IOException {
    var client = new RawClient(port);
    open.add(client);
    try {
      attacker.attack(client);
    } catch (SocketException _) {
      // Closed by the service.
    }
  }

  private static byte[] unfinishedHeader() {
    return bytes("GET /orders HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + "a".repeat(15_000));
  }

  private byte[] unfinishedBody() {
    var head = "POST /orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + attacker;
    var json = "\r\nContent-Type: application/json\r\nContent-Length: 262000\r\n\r\n{\"a\":\"";
    return bytes(head + json + "x".repeat(200_000));
  }

  private void abandonRequest(RawClient client) throws IOException {
    client.send(ApiRequest.get("/orders?limit=100").withToken(attacker).toBytes()).reset();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void assertServed(AttackHttpClient client) {
    assertEquals(200, client.send(ApiRequest.get("/orders?limit=1").withToken(tenant)).status());
    var order = ApiRequest.of("POST", "/orders").withJson(SeededTenant.plainOrderJson());
    assertEquals(201, client.send(order.withToken(tenant)).status());
  }

  private static void assertLive(PartywallProcess service) {
    try (var client = new AttackHttpClient(service.managementPort())) {
      assertEquals(200, client.send(ApiRequest.get("/health/live")).status());
    }
  }

  private void warm(AttackHttpClient client) {
    for (var i = 0; i < 100; i++) {
      assertServed(client);
    }
  }

  private Duration medianLatency(AttackHttpClient client) {
    var nanos =
        IntStream.range(0, 51)
            .mapToLong(_ -> {
              var start = System.nanoTime();
              client.send(ApiRequest.get("/orders?limit=1").withToken(tenant));
              return System.nanoTime() - start;
            })
            .sorted()
            .toArray();
    return Duration.ofNanos(nanos[nanos.length / 2]);
  }

  private void assertRecovered(
      PartywallProcess service,
      AttackHttpClient resident,
      ProcessFootprint before,
      Duration latencyBefore)
      throws IOException {
    var after = ProcessFootprint.of(service.pid());
    for (var end = Instant.now().plusSeconds(20);
        !hasRecovered(before, after) && Instant.now().isBefore(end); ) {
      after = ProcessFootprint.of(service.pid());
    }
    var limit = latencyBefore.multipliedBy(3).plusMillis(20);
    var latency = medianLatency(resident);
    for (var end = Instant.now().plusSeconds(20);
        latency.compareTo(limit) >= 0 && Instant.now().isBefore(end); ) {
      latency = medianLatency(resident); // other tests can delay a measurement
    }
    System.out.printf(
        "%,d attackers: before %s, %,d µs; after %s, %,d µs%n",
        ATTACKERS, before, latencyBefore.toNanos() / 1_000, after, latency.toNanos() / 1_000);
    var footprints = "before %s, after %s".formatted(before, after);
    assertTrue(hasRecovered(before, after), footprints);
    assertTrue(latency.compareTo(limit) < 0, latency::toString);
  }

  private static boolean hasRecovered(ProcessFootprint before, ProcessFootprint after) {
    return after.heapBytes() < before.heapBytes() + MAX_HEAP_GROWTH
        && after.sockets() <= before.sockets() + MAX_DIFFERENCE
        && after.virtualThreads() <= before.virtualThreads() + MAX_DIFFERENCE;
  }
}
