package dev.partywall.metering;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills services ({@code SIGKILL}) at random moments, two at a time with one ledger, and then
 * checks the ledger for each tenant and hour. {@code -Dkills=1000} sets the number of kills. Hours
 * pass in seconds, by a clock that all processes share.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class CrashTest {
  static final int FLUSH_MILLIS = Integer.getInteger("flush", 20);

  private static final int KILLS = Integer.getInteger("kills", 10);
  private static final long SEED = Long.getLong("seed", 20261124);
  private static final int PROCESSES = 2;

  /**
   * A few hours in total, regardless of the number of kills: all later processes count each hour
   * again.
   */
  private static final int TIMES = Math.max(60, 50_000 / KILLS);

  private final FastClock clock = new FastClock(Instant.now(), TIMES);
  private @TempDir Path folder;

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS) // enough for a thousand kills
  void keepsTheLedgerCorrectAfterKills(LocalDynamo dynamo) throws Exception {
    try (var fixture = new MeteringFixture(dynamo);
        var threads = Executors.newFixedThreadPool(PROCESSES)) {
      var runs = IntStream.range(0, PROCESSES).mapToObj(run -> run(dynamo, fixture, run)).toList();
      var processes = new ArrayList<CrashingProcess>();
      for (var run : threads.invokeAll(runs, 60L + 10L * KILLS, TimeUnit.SECONDS)) {
        processes.addAll(run.get());
      }
      fixture.clock.advance(Duration.between(fixture.clock.instant(), clock.instant()));
      for (var run = 0; run < PROCESSES; run++) {
        restart(fixture, run);
      }
      processes.forEach(process -> System.out.println("killed after: " + process.lastLine()));
      var recordings = processes.stream().map(CrashingProcess::recordedActions).toList();
      assertMetered(fixture, recordings);
      var hours = new HashSet<Instant>();
      for (var tenant = 0; tenant < CrashingService.TENANTS; tenant++) {
        hours.addAll(assertOrders(fixture, new TenantId("shared-" + tenant), recordings));
      }
      assertTrue(hours.size() > 1, () -> "Orders of more than one hour expected: " + hours);
    }
  }

  /** Runs one process after the other in the same folder. */
  private Callable<List<CrashingProcess>> run(
      LocalDynamo dynamo, MeteringFixture fixture, int run) {
    var random = new Random(SEED + run);
    return () -> {
      var processes = new ArrayList<CrashingProcess>();
      for (var i = 0; i < KILLS / PROCESSES; i++) {
        var ownTenant = "own-" + run + "-" + i;
        var process = CrashingProcess.start(dynamo, fixture.prefix, journal(run), ownTenant, clock);
        process.killAt(CrashingProcess.KillPoint.random(random));
        processes.add(process);
      }
      return processes;
    };
  }

  private void restart(MeteringFixture fixture, int run)
      throws IOException, JournalUnusableException {
    try (var instance = new ManualInstance(fixture, journal(run))) {
      instance.shipper.ship();
      instance.countWrites();
      assertEquals(List.of(), instance.shipper.problems());
    }
  }

  /**
   * Asserts that no usage counts twice, and that only usage since the last completed flush is lost.
   */
  private void assertMetered(MeteringFixture fixture, List<RecordedActions> recordings) {
    var least = sum(recordings, RecordedActions::lowerBound);
    var most = sum(recordings, RecordedActions::upperBound);
    var ledger = ledger(fixture, most.keySet());
    System.out.printf(
        "at least %s%nledger   %s%nat most  %s%n", all(least), all(ledger), all(most));
    assertFalse(least.isEmpty(), "Nothing was flushed");
    var slots = new HashSet<>(most.keySet());
    slots.addAll(ledger.keySet());
    for (var slot : slots) {
      for (var measure : EnumSet.complementOf(EnumSet.of(KernelMeter.BUSY))) {
        var steps = steps(ledger, slot, measure);
        assertTrue(
            steps >= steps(least, slot, measure) && steps <= steps(most, slot, measure),
            () ->
                slot
                    + " "
                    + measure
                    + ": "
                    + List.of(least, ledger, most).stream()
                        .map(usage -> steps(usage, slot, measure))
                        .toList());
      }
    }
  }

  /**
   * Asserts that each order counts exactly once, in its hour. The order's creation time, its count
   * marker, which was written with it, and the ledger must agree on the hour.
   *
   * @return the hours
   */
  private Set<Instant> assertOrders(
      MeteringFixture fixture, TenantId tenant, List<RecordedActions> recordings) {
    var orders = fixture.hoursByOrder(tenant);
    assertEquals(orders, fixture.hoursByMarker(tenant));
    var byHour =
        orders.values().stream().collect(groupingBy(hour -> hour, TreeMap::new, counting()));
    assertEquals(byHour, fixture.ordersPlaced(tenant));
    recordings.forEach(recording ->
        assertTrue(
            orders.keySet().containsAll(recording.acknowledgedOrders(tenant)),
            "An acknowledged order is missing"));
    return byHour.keySet();
  }

  private static Map<Usage.TenantHour, Amounts> sum(
      List<RecordedActions> recordings,
      Function<RecordedActions, Map<Usage.TenantHour, Amounts>> part) {
    return recordings.stream()
        .map(part)
        .flatMap(usage -> usage.entrySet().stream())
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, Amounts::plus));
  }

  private static Map<Usage.TenantHour, Amounts> ledger(
      MeteringFixture fixture, Set<Usage.TenantHour> slots) {
    return slots.stream()
        .map(Usage.TenantHour::tenant)
        .distinct()
        .flatMap(tenant -> fixture.ledgerUsage(tenant.id()).stream())
        .collect(toMap(Usage::tenantHour, Usage::amounts));
  }

  private static Amounts all(Map<Usage.TenantHour, Amounts> usage) {
    return usage.values().stream().reduce(Amounts.ZERO, Amounts::plus);
  }

  private static long steps(
      Map<Usage.TenantHour, Amounts> usage, Usage.TenantHour slot, UsageMeter measure) {
    return usage.getOrDefault(slot, Amounts.ZERO).steps(measure);
  }

  private Path journal(int run) {
    return folder.resolve("journal-" + run);
  }
}
