package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own is told to stop while orders come in. */
@ExtendWith(SharedHouse.class)
class SigtermTest {
  private static final int CALLERS = 16;
  private static final Pattern LISTENING =
      Pattern.compile("\"message\":\"listening\".*\"port\":(\\d+).*\"managementPort\":(\\d+)");

  private final House house;
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  @TempDir private Path journal;
  private final CountDownLatch underway = new CountDownLatch(100);

  SigtermTest(House house) {
    this.house = house;
  }

  private Process start() throws IOException {
    var path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var builder =
        new ProcessBuilder(
            java,
            "-Dslf4j.provider=dev.partywall.observability.JsonLogProvider",
            "-Dslf4j.internal.verbosity=WARN",
            "-cp",
            path,
            Main.class.getName());
    builder.environment().putAll(house.environment());
    builder.environment().put("PARTYWALL_JOURNAL_DIR", journal.toString());
    builder.environment().putAll(SdkProperties.environment(house.aws()));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return builder.start();
  }

  @Test
  void noAcknowledgedOrderIsLostNoRequestInFlightFailsAndItExitsWithZero() throws Exception {
    var process = start();
    try (var lines = process.inputReader()) {
      var port = port(lines);
      var reader = Thread.startVirtualThread(() -> lines.lines().forEach(_ -> {}));
      Gang.run(
          CALLERS + 1,
          member -> {
            if (member == CALLERS) {
              terminateInTheMiddle(process);
            } else {
              place(port, house.residents().get(member % house.residents().size()).name());
            }
          });
      assertEquals(0, process.waitFor());
      reader.join();
    } finally {
      process.destroyForcibly();
    }
    assertEverythingIsThere();
  }

  private void terminateInTheMiddle(Process process) throws InterruptedException {
    try {
      assertTrue(underway.await(1, TimeUnit.MINUTES), "orders don't come in");
    } finally {
      process.destroy(); // SIGTERM
    }
  }

  private static int port(BufferedReader lines) throws Exception {
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var found = LISTENING.matcher(line);
      if (found.find()) {
        Readiness.await(Integer.parseInt(found.group(2)));
        return Integer.parseInt(found.group(1));
      }
    }
    throw new AssertionError("it did not start");
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
