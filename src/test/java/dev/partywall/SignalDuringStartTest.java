package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.orders.OrderRoutes;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service receives SIGTERM before it listens. */
class SignalDuringStartTest {
  @TempDir private Path folder;

  /** A service that sends SIGTERM to itself and continues its start after the JVM reacted. */
  static final class Signalled {
    private Signalled() {}

    static void main(String[] args) {
      var shutdown = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(shutdown::countDown));
      Partywall.run(args, kernel -> declareAfter(shutdown, kernel));
    }
  }

  /** A service that sends SIGTERM to itself, and whose start never ends. */
  static final class Hanging {
    private Hanging() {}

    static void main(String[] args) {
      Partywall.run(args, kernel -> declareAfter(new CountDownLatch(1), kernel));
    }
  }

  private static Offering declareAfter(CountDownLatch shutdown, Kernel kernel) {
    try {
      new ProcessBuilder("kill", Long.toString(ProcessHandle.current().pid())).start();
      shutdown.await();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return OrderRoutes.of(kernel);
  }

  @Test
  void theServiceDrainsAndExitsWithZero() throws Exception {
    var exit =
        CommandProcess.run(folder, Signalled.class, List.of(), UnreachableAws.variables(folder));

    assertEquals(0, exit.status(), exit::toString);
    assertTrue(exit.out().contains("\"message\":\"Listening\""), exit::toString);
    assertTrue(exit.out().contains("\"message\":\"Drained\""), exit::toString);
  }

  @Test
  void aStartThatFailsAfterASignalEndsTheProcess() throws Exception {
    var invalid = Map.of("AWS_REGION", "eu-central-1", "PARTYWALL_PORT", "eighty");
    var exit = CommandProcess.run(folder, Signalled.class, List.of(), invalid);

    assertEquals(143, exit.status(), exit::toString);
    assertTrue(exit.err().contains("PARTYWALL_PORT: "), exit::toString);
  }

  @Test
  @Timeout(60)
  void aStartThatHangsDelaysTheEndByTheDrainTimeAtMost() throws Exception {
    var variables = UnreachableAws.variables(folder);
    variables.put("PARTYWALL_DRAIN_SECONDS", "1");
    var exit = CommandProcess.run(folder, Hanging.class, List.of(), variables);

    assertEquals(143, exit.status(), exit::toString);
    assertTrue(
        exit.out().contains("\"message\":\"The start has not ended in time\""), exit::toString);
  }
}
