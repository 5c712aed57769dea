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

/** The service as a process of its own is told to stop while orders come in. */
@ExtendWith(SharedHouse.class)
class SigtermTest {
  private static final int CALLERS = 16;

  private final House house;
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  @TempDir private Path journal;
  private final CountDownLatch underway = new CountDownLatch(100);

  SigtermTest(House house) {
    this.house = house;
  }

  private OwnProcess start() throws IOException {
    var environment = new HashMap<>(house.environment());
    environment.put("PARTYWALL_JOURNAL_DIR", journal.toString());
    environment.putAll(SdkProperties.environment(house.aws()));
    return new OwnProcess(environment);
  }

  @Test
  void noAcknowledgedOrderIsLostNoRequestInFlightFailsAndItExitsWithZero() throws Exception {
    try (var service = start()) {
      var port = service.awaitReady().port();
      Gang.run(
          CALLERS + 1,
          member -> {
            if (member == CALLERS) {
              terminateInTheMiddle(service);
            } else {
              place(port, house.residents().get(member % house.residents().size()).name());
            }
          });
      assertEquals(0, service.awaitEnd());
    }
    assertEverythingIsThere();
  }

  private void terminateInTheMiddle(OwnProcess service) throws InterruptedException {
    try {
      assertTrue(underway.await(1, TimeUnit.MINUTES), "orders don't come in");
    } finally {
      service.close(); // SIGTERM
    }
  }

  /** Until nobody listens any more. Anything but a whole answer or a closed door is a failure. */
  private void place(int port, String tenant) {
    var ask = Ask.of("POST", "/orders").json(Resident.plainOrder()).as(token(tenant));
    try (var phone = new Phone(port)) {
      while (true) {
        var answer = phone.ask(ask);
        assertEquals(201, answer.status(), answer::toString);
        acknowledged.add(answer.field("Location").orElseThrow().replace("/orders/", ""));
        underway.countDown();
      }
    } catch (UncheckedIOException e) {
      assertTrue(e.getCause() instanceof ConnectException, () -> "cut off: " + e.getCause());
    }
  }

  /** That process has the machine's clock, which may be behind this one's. */
  private String token(String tenant) {
    var now = Instant.now().getEpochSecond();
    return house
        .tokens()
        .signed(
            house
                .tokens()
                .made(tenant, "carol", Tokens.ALL)
                .claim("iat", now)
                .claim("exp", now + 600));
  }

  private void assertEverythingIsThere() {
    var names = Inventory.of(house).items().keySet();
    assertFalse(acknowledged.isEmpty());
    for (var id : acknowledged) {
      assertTrue(names.stream().anyMatch(it -> it.endsWith(" order#" + id)), id);
    }
  }
}
