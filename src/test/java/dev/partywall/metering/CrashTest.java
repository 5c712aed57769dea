package dev.partywall.metering;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.WholeLog;
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
 * Kills services ({@code SIGKILL}) at any moment, two at a time and with one ledger, and looks
 * afterwards if the books are right for each tenant and hour. {@code -Dkills=1000} makes it as many
 * as that. Hours pass in seconds there, by a clock that all of them have.
 */
@ExtendWith(LocalDynamo.Shared.class)
class CrashTest {
  static final int FLUSH_MILLIS = Integer.getInteger("flush", 20);

  private static final int KILLS = Integer.getInteger("kills", 20);
  private static final long SEED = Long.getLong("seed", 20261124);
  private static final int LANES = 2;

  /** Some hours, however many are killed: each has to be counted again by all that follow. */
  private static final int TIMES = Math.max(60, 24_000 / KILLS);

  private static final Set<Measure> NOT_TOLD = EnumSet.of(Measure.ORDERS_PLACED, Measure.BUSY);

  private final FastClock clock = new FastClock(Instant.now(), TIMES);
  private @TempDir Path folder;

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS) // a thousand kills take a while
  void afterAnyNumberOfKillsTheBooksAreRight(LocalDynamo dynamo) throws Exception {
    try (var books = new Books(dynamo);
        var threads = Executors.newFixedThreadPool(LANES)) {
      var lanes = IntStream.range(0, LANES).mapToObj(lane -> lane(dynamo, books, lane)).toList();
      var children = new ArrayList<Child>();
      for (var lane : threads.invokeAll(lanes, 60L + 10L * KILLS, TimeUnit.SECONDS)) {
        children.addAll(lane.get());
      }
      books.clock.move(Duration.between(books.clock.instant(), clock.instant()));
      for (var lane = 0; lane < LANES; lane++) {
        restart(books, lane);
      }
      children.forEach(child -> System.out.println("killed after: " + child.last()));
      var testimonies = children.stream().map(Child::testimony).toList();
      assertMetered(books, testimonies);
      var hours = new HashSet<Instant>();
      for (var tenant = 0; tenant < CrashingService.TENANTS; tenant++) {
        hours.addAll(assertOrders(books, new TenantId("shared-" + tenant), testimonies));
      }
      assertTrue(hours.size() > 1, () -> "orders of one hour say little: " + hours);
      assertEquals(List.of(), WholeLog.faults(), "lines that are not of the log's form");
    }
  }

  /** One process after the other, in the same folder. */
  private Callable<List<Child>> lane(LocalDynamo dynamo, Books books, int lane) {
    var random = new Random(SEED + lane);
    return () -> {
      var children = new ArrayList<Child>();
      for (var i = 0; i < KILLS / LANES; i++) {
        var own = "own-" + lane + "-" + i;
        var child = Child.start(dynamo, books.prefix, journal(lane), own, clock);
        child.killAt(Child.Moment.draw(random));
        children.add(child);
      }
      return children;
    };
  }

  private void restart(Books books, int lane) throws IOException, JournalUnusable {
    try (var instance = new WalkingInstance(books, journal(lane))) {
      instance.shipper.ship();
      instance.count();
      assertEquals(List.of(), instance.shipper.problems());
    }
  }

  /**
   * Nothing twice, and nothing lost but what was not in the journal yet: what came since the last
   * flush that is known to have ended.
   */
  private void assertMetered(Books books, List<Testimony> testimonies) {
    var least = sum(testimonies, Testimony::least);
    var most = sum(testimonies, Testimony::most);
    var ledger = ledger(books, most.keySet());
    System.out.printf(
        "at least %s%nledger   %s%nat most  %s%n", all(least), all(ledger), all(most));
    assertFalse(least.isEmpty(), "nothing was flushed");
    var slots = new HashSet<>(most.keySet());
    slots.addAll(ledger.keySet());
    for (var slot : slots) {
      for (var measure : EnumSet.complementOf(EnumSet.copyOf(NOT_TOLD))) {
        var steps = steps(ledger, slot, measure);
        assertTrue(
            steps >= steps(least, slot, measure) && steps <= steps(most, slot, measure),
            () ->
                slot
                    + " "
                    + measure
                    + ": "
                    + List.of(least, ledger, most).stream()
                        .map(it -> steps(it, slot, measure))
                        .toList());
      }
    }
  }

  /**
   * Every order once, in its hour, whatever happened. Which hour that is, the order says itself by
   * when it was placed; its mark, which was written with it and is what is counted, has to say the
   * same; and then the ledger.
   *
   * @return the hours
   */
  private Set<Instant> assertOrders(Books books, TenantId tenant, List<Testimony> testimonies) {
    var orders = books.placed(tenant);
    assertEquals(orders, books.marked(tenant));
    var byHour = orders.values().stream().collect(groupingBy(it -> it, TreeMap::new, counting()));
    assertEquals(byHour, books.ordersPlaced(tenant));
    testimonies.forEach(it ->
        assertTrue(
            orders.keySet().containsAll(it.orders(tenant)), "an acknowledged order is gone"));
    return byHour.keySet();
  }

  private static Map<Usage.Slot, Amounts> sum(
      List<Testimony> testimonies, Function<Testimony, Map<Usage.Slot, Amounts>> part) {
    return testimonies.stream()
        .map(part)
        .flatMap(it -> it.entrySet().stream())
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, Amounts::plus));
  }

  private static Map<Usage.Slot, Amounts> ledger(Books books, Set<Usage.Slot> slots) {
    return slots.stream()
        .map(Usage.Slot::tenant)
        .distinct()
        .flatMap(tenant -> books.all(tenant).stream())
        .collect(toMap(Usage::slot, Usage::amounts));
  }

  private static Amounts all(Map<Usage.Slot, Amounts> usage) {
    return usage.values().stream().reduce(Amounts.NONE, Amounts::plus);
  }

  private static long steps(Map<Usage.Slot, Amounts> usage, Usage.Slot slot, Measure measure) {
    return usage.getOrDefault(slot, Amounts.NONE).steps(measure);
  }

  private Path journal(int lane) {
    return folder.resolve("journal-" + lane);
  }
}
