package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes tenants through their whole lives on two instances in processes of their own, one of which
 * is killed ({@code SIGKILL}) at a random moment of each round, and started again. In every second
 * round, one is stopped for twice a lease instead, and continues in the middle of the work of its
 * successor. {@code -Powners} runs it.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@EnabledIfSystemProperty(named = "owner.rounds", matches = "[1-9]\\d*")
class OwnersTest {
  private static final int ROUNDS = Integer.getInteger("owner.rounds", 0);
  private static final long SEED = Long.getLong("seed", 20_261_129);
  private static final int ROUNDS_PER_PAUSE = 2;

  /** Another instance takes an operation over after 30 s. */
  private static final Duration PAUSE = Duration.ofSeconds(60);

  /** A round takes about this time without a kill. */
  private static final int ROUND_MILLIS = 18_000;

  private final Random random = new Random(SEED);
  private @TempDir Path folder;

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void everyTenantLivesAndEndsExactlyOnceAlthoughItsOwnersEnd(LocalDynamo dynamo) throws Exception {
    try (var services = new ServicesWithOperators(dynamo);
        var processes =
            new ServiceProcesses(List.of(services.environment(), services.environment()));
        var operator = new RetryingOperator(processes);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var round = 0; round < ROUNDS; round++) {
        var begin = System.nanoTime();
        var fault = threads.submit(fault(round, processes));
        var life = new TenantLife(dynamo, services, operator, folder, "t" + round);
        life.run(1 + random.nextInt(12));
        var description = fault.get();
        life.assertNothingIsLeft();
        assertAudited(processes, life);
        System.out.printf(
            "round %d: %s, which owned %d operations that had another owner then; %d s%n",
            round,
            description,
            lostOperations(processes, "t" + round),
            Duration.ofNanos(System.nanoTime() - begin).toSeconds());
      }
      System.out.printf("%d rounds: every receipt is exact, and nothing was left%n", ROUNDS);
    }
  }

  /** Returns the description of the fault, after it has ended. */
  private Callable<String> fault(int round, ServiceProcesses processes) {
    var instance = random.nextInt(processes.count());
    var delay = random.nextInt(ROUND_MILLIS);
    var isPause = round % ROUNDS_PER_PAUSE == ROUNDS_PER_PAUSE - 1;
    return () -> {
      TimeUnit.MILLISECONDS.sleep(delay);
      if (isPause) {
        processes.pause(instance, PAUSE);
      } else {
        processes.killAndStart(instance);
      }
      return "instance %d %s after %d ms"
          .formatted(instance, isPause ? "stopped for 60 s" : "killed", delay);
    };
  }

  private static long lostOperations(ServiceProcesses processes, String tenant) {
    var message = " of " + tenant + " has another owner\"";
    return processes.lines().stream().filter(line -> line.contains(message)).count();
  }

  /** Each operation has an entry of its end, and none has failed unexpectedly. */
  private static void assertAudited(ServiceProcesses processes, TenantLife life)
      throws IOException {
    var lines = processes.lines();
    for (var expected : life.auditedEnds()) {
      assertTrue(
          lines.stream().anyMatch(line -> expected.stream().allMatch(line::contains)),
          () -> "no entry with " + expected);
    }
    assertEquals(
        List.of(),
        lines.stream()
            .filter(line -> line.contains("\"level\":\"ERROR\""))
            .filter(line -> line.contains("OperationRunner"))
            .limit(3)
            .toList());
  }
}
