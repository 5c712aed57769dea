package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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

  /** On an idle machine, a round without a fault takes about this time. */
  private static final int ROUND_MILLIS = 4_000;

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
      var lost = 0L;
      for (var round = 0; round < ROUNDS; round++) {
        var begin = System.nanoTime();
        var tenant = "t" + round;
        var ended = new CountDownLatch(1);
        var fault = threads.submit(fault(round, tenant, processes, ended));
        var life = new TenantLife(dynamo, services, operator, folder, tenant);
        life.run(1 + random.nextInt(12));
        ended.countDown();
        var description = fault.get();
        life.assertNothingIsLeft();
        assertAudited(processes, life);
        var lostNow = lostOperations(processes, tenant);
        lost += isPause(round) ? Math.min(1, lostNow) : 0;
        System.out.printf(
            "round %d: %s, %d operations had another owner then; %d s%n",
            round, description, lostNow, Duration.ofNanos(System.nanoTime() - begin).toSeconds());
      }
      System.out.printf(
          "%d rounds, %d pauses met an owner: every receipt is exact, and nothing was left%n",
          ROUNDS, lost);
      assertTrue(2 * lost >= ROUNDS / ROUNDS_PER_PAUSE, "the pauses rarely met an owner");
    }
  }

  /** Returns the description of the fault, after it has ended. */
  private Callable<String> fault(
      int round, String tenant, ServiceProcesses processes, CountDownLatch ended) {
    var instance = random.nextInt(processes.count());
    var delay = random.nextInt(ROUND_MILLIS);
    return () -> {
      if (ended.await(delay, TimeUnit.MILLISECONDS)) {
        return "no instance stopped";
      }
      if (isPause(round)) {
        return pauseOwner(tenant, processes, ended);
      }
      processes.killAndStart(instance);
      return "instance %d killed after %d ms".formatted(instance, delay);
    };
  }

  private static boolean isPause(int round) {
    return round % ROUNDS_PER_PAUSE == ROUNDS_PER_PAUSE - 1;
  }

  /** Stops the owner of an operation on a tenant or its clone, as soon as there is one. */
  private static String pauseOwner(String tenant, ServiceProcesses processes, CountDownLatch ended)
      throws IOException, InterruptedException {
    while (!ended.await(2, TimeUnit.MILLISECONDS)) {
      var owner = owner(tenant, processes);
      if (owner.isPresent()) {
        var instance = owner.get();
        processes.pause(instance, PAUSE);
        awaitLoss(tenant, processes);
        return "instance %d stopped for 60 s as an owner".formatted(instance);
      }
    }
    return "no instance stopped";
  }

  /** An owner that was at the end of its operation when it was stopped writes no line. */
  private static void awaitLoss(String tenant, ServiceProcesses processes) {
    var end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (lostOperations(processes, tenant) == 0 && System.nanoTime() < end) {
      Conditions.pause();
    }
  }

  /** Returns the instance that has written the last audit entry, if it is that of a step. */
  private static Optional<Integer> owner(String tenant, ServiceProcesses processes) {
    return IntStream.range(0, processes.count())
        .boxed()
        .flatMap(instance -> lastEntry(tenant, processes.lines(instance), instance).stream())
        .max(Comparator.comparing(Entry::time))
        .filter(Entry::isStep)
        .map(Entry::instance);
  }

  /** An audit entry of an operation. */
  private record Entry(Instant time, boolean isStep, int instance) {}

  private static Optional<Entry> lastEntry(String tenant, List<String> lines, int instance) {
    return lines.reversed().stream()
        .filter(line -> line.contains("\"object\":\"/tenants/" + tenant))
        .filter(line -> line.contains("\"operation\":"))
        .findFirst()
        .map(line -> {
          var entry = Json.parse(line.getBytes(StandardCharsets.UTF_8));
          var isStep = entry.path("outcome").asText().equals("proceeded");
          return new Entry(Instant.parse(entry.path("timestamp").asText()), isStep, instance);
        });
  }

  private static long lostOperations(ServiceProcesses processes, String tenant) {
    var message = Pattern.compile(" of " + tenant + "(-\\w+)? has another owner\"");
    return processes.lines().stream().filter(line -> message.matcher(line).find()).count();
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
