package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.OwnProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The service, in its own process, receives SIGTERM under load. */
@ExtendWith(SharedHouse.class)
class SigtermTest {
  private static final int CLIENTS = 16;

  private final House fixture;
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  @TempDir private Path journal;
  private final CountDownLatch placedOrders = new CountDownLatch(100);

  SigtermTest(House fixture) {
    this.fixture = fixture;
  }

  private OwnProcess start() throws IOException {
    var environment = new HashMap<>(fixture.environment());
    environment.put("PARTYWALL_JOURNAL_DIR", journal.toString());
    environment.putAll(SdkProperties.environment(fixture.aws()));
    return new OwnProcess(environment);
  }

  @Test
  void completesRequestsInFlightKeepsAcknowledgedOrdersAndExitsWithZero() throws Exception {
    try (var service = start()) {
      var port = service.awaitReady().port();
      Gang.run(
          CLIENTS + 1,
          worker -> {
            if (worker == CLIENTS) {
              terminateUnderLoad(service);
            } else {
              place(port, fixture.residents().get(worker % fixture.residents().size()).name());
            }
          });
      assertEquals(0, service.awaitEnd());
    }
    assertAllOrdersAreStored();
  }

  private void terminateUnderLoad(OwnProcess service) throws InterruptedException {
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
    var request = Ask.of("POST", "/orders").json(Resident.plainOrder()).as(token(tenant));
    try (var client = new Phone(port)) {
      while (true) {
        var answer = client.ask(request);
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

  /** The other process uses the system clock, which may be behind the fixture's clock. */
  private String token(String tenant) {
    var now = Instant.now().getEpochSecond();
    return fixture
        .tokens()
        .signed(
            fixture
                .tokens()
                .made(tenant, "carol", Tokens.ALL)
                .claim("iat", now)
                .claim("exp", now + 600));
  }

  private void assertAllOrdersAreStored() {
    var storedItems = Inventory.of(fixture).items().keySet();
    assertFalse(acknowledged.isEmpty());
    for (var id : acknowledged) {
      assertTrue(storedItems.stream().anyMatch(name -> name.endsWith(" order#" + id)), id);
    }
  }
}
