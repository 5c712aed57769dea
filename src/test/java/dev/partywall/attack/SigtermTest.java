package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.PartywallProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service, in its own process, receives SIGTERM under load. */
@WithAttackFixture
class SigtermTest {
  private static final int CLIENTS = 16;

  private final AttackFixture fixture;
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  @TempDir private Path journal;
  private final CountDownLatch placedOrders = new CountDownLatch(100);

  SigtermTest(AttackFixture fixture) {
    this.fixture = fixture;
  }

  private PartywallProcess start() throws IOException {
    var environment = new HashMap<>(fixture.environment());
    environment.put("PARTYWALL_JOURNAL_DIR", journal.toString());
    return new PartywallProcess(environment);
  }

  @Test
  void completesRequestsInFlightKeepsAcknowledgedOrdersAndExitsWithZero() throws Exception {
    try (var service = start()) {
      var port = service.awaitReady().port();
      AttackWorkers.run(
          CLIENTS + 1,
          worker -> {
            if (worker == CLIENTS) {
              terminateUnderLoad(service);
            } else {
              place(port, fixture.tenants().get(worker % fixture.tenants().size()).name());
            }
          });
      assertEquals(0, service.awaitExit());
    }
    assertAllOrdersAreStored();
  }

  private void terminateUnderLoad(PartywallProcess service) throws InterruptedException {
    try {
      assertTrue(
          placedOrders.await(1, TimeUnit.MINUTES),
          "fewer than 100 orders were placed within a minute");
    } finally {
      service.close(); // SIGTERM
    }
  }

  /** Places orders until connections are refused. Fails on an incomplete response. */
  private void place(int port, String tenant) {
    var request =
        ApiRequest.of("POST", "/orders")
            .withJson(SeededTenant.plainOrderJson())
            .withToken(fixture.tokens().forOtherProcess(tenant));
    try (var client = new AttackHttpClient(port)) {
      while (true) {
        var answer = client.send(request);
        if (answer.status() == 503 && answer.text().contains("The database is temporarily")) {
          continue; // on a busy machine, a call can time out; this order is not acknowledged
        }
        assertEquals(201, answer.status(), answer::toString);
        acknowledged.add(answer.field("Location").orElseThrow().replace("/orders/", ""));
        placedOrders.countDown();
      }
    } catch (UncheckedIOException e) {
      assertTrue(
          e.getCause() instanceof ConnectException,
          () -> "the connection failed during a request: " + e.getCause());
    }
  }

  private void assertAllOrdersAreStored() {
    var storedItems = TableSnapshot.take(fixture).items().keySet();
    assertFalse(acknowledged.isEmpty());
    for (var id : acknowledged) {
      assertTrue(storedItems.stream().anyMatch(name -> name.endsWith(" order#" + id)), id);
    }
  }
}
