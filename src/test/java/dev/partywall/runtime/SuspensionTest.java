package dev.partywall.runtime;

import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalTenants;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Suspends tenants of two instances, and measures the time until both reject each of them. {@code
 * -Dsuspensions=1000} sets the number of suspensions.
 */
@Isolated("measures a time that the contract limits")
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class SuspensionTest {
  private static final int SUSPENSIONS = Integer.getInteger("suspensions", 6);
  private static final int CONCURRENT = 20;

  /** The contract: a suspended tenant is rejected within 5 s by every instance. */
  private static final Duration MAX_DELAY = Duration.ofSeconds(5);

  /** The precision of the measurement. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """;

  private static final int WARM_REQUESTS = 100;

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS) // enough for a thousand suspensions
  void everyInstanceRejectsASuspendedTenantWithin5Seconds(LocalDynamo dynamo) throws Exception {
    try (var instances = new ServicesWithOperators(dynamo).start(2);
        var threads = Executors.newFixedThreadPool(CONCURRENT)) {
      register(dynamo, instances.fixture.prefix);
      var oneOperator = new ReentrantLock();
      var suspensions =
          IntStream.range(0, SUSPENSIONS)
              .mapToObj(number -> new Suspension(instances, oneOperator, "t" + number, number % 2))
              .<Callable<Duration>>map(suspension -> suspension::measure)
              .toList();
      var delays = new ArrayList<Duration>();
      for (var delay : threads.invokeAll(suspensions)) {
        delays.add(delay.get());
      }
      delays.sort(null);
      System.out.printf(
          "%,d suspensions over 2 instances: median %,d ms, longest %,d ms%n",
          delays.size(), delays.get(delays.size() / 2).toMillis(), delays.getLast().toMillis());
      assertEquals(SUSPENSIONS, delays.size());
      assertTrue(delays.getLast().compareTo(MAX_DELAY) <= 0, delays.getLast()::toString);
      assertWarmRequestsReadNoRegistration(instances);
      var metrics = instances.metrics(0);
      assertTrue(metrics.contains("\npartywall_instances 2.0\n"), metrics);
    }
  }

  private static void register(LocalDynamo dynamo, String prefix) {
    try (var engine = dynamo.client()) {
      var tenants = IntStream.rangeClosed(0, SUSPENSIONS).mapToObj(number -> "t" + number);
      LocalTenants.register(
          engine,
          prefix,
          tenants
              .map(name -> TestPlacements.registration(new TenantId(name), new Placement.Pool()))
              .toList());
    }
  }

  /** The instances themselves read the number of changes every 2 s. */
  private static void assertWarmRequestsReadNoRegistration(ServicesWithOperators instances)
      throws IOException {
    var token = instances.fixture.token("t" + SUSPENSIONS, "alice");
    var recorder = instances.fixture.aws.aws().recorder();
    try (var client = new RawClient(instances.ports().getFirst())) {
      assertEquals(200, send(client, "GET", "/tenant", token, "").status());
      var before = recorder.callCount("dynamodb:GetItem");
      for (var i = 0; i < WARM_REQUESTS; i++) {
        assertEquals(200, send(client, "GET", "/tenant", token, "").status());
      }
      var reads = recorder.callCount("dynamodb:GetItem") - before;
      assertTrue(before > 0 && reads < WARM_REQUESTS / 5, () -> "reads: " + reads);
    }
  }

  /**
   * The suspension of a tenant, at one of the instances.
   *
   * @param oneOperator serializes the operators' requests: concurrent ones conflict and are retried
   */
  private record Suspension(
      ServicesWithOperators instances, Lock oneOperator, String tenant, int instance) {
    /** Returns the time from the operator's response to a rejection by both instances. */
    Duration measure() throws Exception {
      var ports = instances.ports();
      var token = instances.fixture.token(tenant, "alice");
      try (var first = new Probe(ports.get(0), token);
          var second = new Probe(ports.get(1), token);
          var operator = new RawClient(ports.get(instance))) {
        var order = first.placeOrder();
        first.assertServed(order);
        second.assertServed(order);
        var start = suspend(operator);
        var waiting = new ArrayList<>(List.of(first, second));
        while (true) {
          for (var probe : List.copyOf(waiting)) {
            if (probe.isRejected()) {
              waiting.remove(probe);
              var delay = Duration.ofNanos(System.nanoTime() - start);
              probe.assertEveryRequestIsRejected(order, instances.fixture.token(tenant, "alice"));
              if (waiting.isEmpty()) {
                return delay;
              }
            }
          }
          TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
      }
    }

    /** Returns the time of the response. */
    private long suspend(RawClient operator) throws IOException {
      oneOperator.lock();
      try {
        var response =
            send(
                operator,
                "PATCH",
                "/tenants/" + tenant,
                instances.operator(),
                "{\"status\":\"suspended\"}",
                "Content-Type: application/merge-patch+json",
                "If-Match: \"1\"");
        assertEquals(200, response.status(), response::text);
        return System.nanoTime();
      } finally {
        oneOperator.unlock();
      }
    }
  }

  /** An order of a tenant. */
  private record PlacedOrder(String path, String etag) {}

  /** Requests of one tenant to one instance, on two connections that stay open. */
  private static final class Probe implements AutoCloseable {
    private final int port;
    private final String token;
    private final RawClient polling;
    private final RawClient idle;

    Probe(int port, String token) throws IOException {
      this.port = port;
      this.token = token;
      polling = new RawClient(port);
      idle = new RawClient(port);
    }

    PlacedOrder placeOrder() throws IOException {
      var response =
          send(polling, "POST", "/orders", token, ORDER, "Content-Type: application/json");
      assertEquals(201, response.status(), response::text);
      return new PlacedOrder(
          response.field("Location").orElseThrow(), response.field("ETag").orElseThrow());
    }

    /** Asserts that the token is cached, and that both connections stay open. */
    void assertServed(PlacedOrder order) throws IOException {
      assertEquals(200, send(polling, "GET", "/tenant", token, "").status());
      assertEquals(304, revalidate(idle, order).status());
    }

    boolean isRejected() throws IOException {
      var response = send(polling, "GET", "/tenant", token, "");
      assertTrue(response.status() == 200 || response.status() == 403, response::text);
      return response.status() == 403;
    }

    /** The other requests are sent after the first rejection, so each must be rejected. */
    void assertEveryRequestIsRejected(PlacedOrder order, String freshToken) throws IOException {
      assertRejected(revalidate(idle, order));
      assertRejected(send(idle, "GET", order.path(), token, ""));
      assertRejected(send(polling, "GET", "/orders", freshToken, ""));
      try (var client = new RawClient(port)) {
        assertRejected(send(client, "GET", order.path(), token, ""));
      }
    }

    private RawResponse revalidate(RawClient client, PlacedOrder order) throws IOException {
      return send(client, "GET", order.path(), token, "", "If-None-Match: " + order.etag());
    }

    private static void assertRejected(RawResponse response) {
      assertEquals(403, response.status(), response::text);
      assertTrue(response.text().contains("/problems/orders/tenant-suspended\""), response::text);
    }

    @Override
    public void close() throws IOException {
      polling.close();
      idle.close();
    }
  }
}
