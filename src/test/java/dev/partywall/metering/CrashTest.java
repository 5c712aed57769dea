package dev.partywall.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.MarkListener;
import dev.partywall.storage.Query;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills services ({@code SIGKILL}) at any moment, two at a time and with one ledger, and looks
 * afterwards if the books are right. {@code -Dkills=1000} makes it as many as that.
 */
@ExtendWith(LocalDynamo.Shared.class)
class CrashTest {
  private static final int KILLS = Integer.getInteger("kills", 20);
  private static final long SEED = Long.getLong("seed", 20261124);
  private static final int LANES = 2;

  /** Lines that a process may say before it is killed. */
  private static final int LINES = 500;

  private final Instant start = Usage.startOf(Instant.now());
  private @TempDir Path folder;

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS) // a thousand kills take a while
  void afterAnyNumberOfKillsTheBooksAreRight(LocalDynamo dynamo) throws Exception {
    try (var books = new Books(dynamo);
        var threads = Executors.newFixedThreadPool(LANES)) {
      books.clock.move(Duration.between(books.clock.instant(), Instant.now()));
      var lanes = IntStream.range(0, LANES).mapToObj(lane -> lane(dynamo, books, lane)).toList();
      var children = new ArrayList<Child>();
      for (var lane : threads.invokeAll(lanes)) {
        children.addAll(lane.get());
      }
      for (var lane = 0; lane < LANES; lane++) {
        restart(books, lane);
      }
      System.out.println(summary(children));
      children.forEach(child -> assertMetered(books, child));
      for (var tenant = 0; tenant < CrashingService.TENANTS; tenant++) {
        assertOrders(books, new TenantId("shared-" + tenant), children);
      }
    }
  }

  private static String summary(List<Child> children) {
    return "%d killed; orders %d, requests begun %d, flushed %d"
        .formatted(
            children.size(),
            children.stream()
                .flatMap(it -> it.acknowledged().values().stream())
                .mapToLong(Long::longValue)
                .sum(),
            children.stream().mapToLong(Child::begun).sum(),
            children.stream().mapToLong(Child::flushed).sum());
  }

  /** One process after the other, in the same folder. */
  private Callable<List<Child>> lane(LocalDynamo dynamo, Books books, int lane) {
    var random = new Random(SEED + lane);
    return () -> {
      var children = new ArrayList<Child>();
      for (var i = 0; i < KILLS / LANES; i++) {
        var own = "own-" + lane + "-" + i;
        var child = Child.start(dynamo, books.prefix, journal(lane), own);
        child.killAfter(random.nextInt(LINES));
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

  /** No request twice, and none lost but those that were not in the journal yet. */
  private void assertMetered(Books books, Child child) {
    var metered = ledger(books, child.own(), Measure.REQUESTS);
    assertTrue(
        metered >= child.flushed() && metered <= child.begun(),
        () -> "%s: %d to %d".formatted(child.own(), child.flushed(), child.begun()));
  }

  /** Every order once, whatever happened: those in the table are those that count. */
  private void assertOrders(Books books, TenantId tenant, List<Child> children) {
    var placed = TenantContext.call(Books.tenant(tenant), () -> placed(books));
    assertEquals(placed, ledger(books, tenant, Measure.ORDERS_PLACED));
    assertEquals(placed, marks(books, tenant));
    var acknowledged =
        children.stream().mapToLong(it -> it.acknowledged().getOrDefault(tenant.value(), 0L)).sum();
    assertTrue(placed >= acknowledged, () -> tenant + ": " + placed + " of " + acknowledged);
    assertTrue(acknowledged > 0, () -> tenant + " placed no order");
  }

  private static long placed(Books books) {
    var orders = books.orders(MarkListener.NONE);
    var page = orders.query(Query.all("order", 100));
    long count = page.items().size();
    while (page.next().isPresent()) {
      page = orders.query(Query.all("order", 100).after(page.next().get()));
      count += page.items().size();
    }
    return count;
  }

  private long marks(Books books, TenantId tenant) {
    return hours().stream()
        .mapToLong(hour -> books.counts.count(new Usage.Slot(tenant, hour)))
        .sum();
  }

  private long ledger(Books books, TenantId tenant, Measure measure) {
    return hours().stream().mapToLong(hour -> books.in(tenant, hour, measure)).sum();
  }

  private List<Instant> hours() {
    return Stream.iterate(
            start, hour -> hour.isBefore(Instant.now()), hour -> hour.plus(Duration.ofHours(1)))
        .toList();
  }

  private Path journal(int lane) {
    return folder.resolve("journal-" + lane);
  }
}
