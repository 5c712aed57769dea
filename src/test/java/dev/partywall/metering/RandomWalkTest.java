package dev.partywall.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.Refused;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Between;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two instances with one ledger do what chance has them do: serve, flush, ship, count, crash, meet
 * outages and lost answers, by a clock that also goes back. A model knows what must come of it: all
 * orders, all other usage but what a crash found in memory, and nothing twice.
 */
@ExtendWith(LocalDynamo.Shared.class)
class RandomWalkTest {
  private static final int STEPS = 120;
  private static final List<TenantId> TENANTS =
      List.of(new TenantId("a"), new TenantId("a-b"), new TenantId("b"));

  private final Map<Usage.Slot, Long> requests = new HashMap<>();
  private final Map<Usage.Slot, Long> orders = new HashMap<>();
  private @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theLedgerSaysWhatTheModelSays(long seed, LocalDynamo dynamo) throws Exception {
    try (var books = new Books(dynamo)) {
      var walkers = new Walker[] {new Walker(books, "one"), new Walker(books, "two")};
      var random = new Random(seed);
      for (var step = 0; step < STEPS; step++) {
        walkers[random.nextInt(2)].step(random);
      }
      for (var walker : walkers) {
        walker.end();
      }
      assertLedger(books);
    }
  }

  private void assertLedger(Books books) {
    requests.forEach((slot, count) ->
        assertEquals(
            count, books.in(slot.tenant(), slot.hour(), Measure.REQUESTS), slot::toString));
    orders.forEach((slot, count) ->
        assertEquals(
            count, books.in(slot.tenant(), slot.hour(), Measure.ORDERS_PLACED), slot::toString));
  }

  /** One instance after the other in the same folder, and what the present one has in memory. */
  private final class Walker {
    private final Books books;
    private final String name;
    private final Map<Usage.Slot, Long> inMemory = new HashMap<>();
    private WalkingInstance instance;

    Walker(Books books, String name) throws JournalUnusable {
      this.books = books;
      this.name = name;
      this.instance = start();
    }

    void step(Random random) throws Exception {
      var tenant = TENANTS.get(random.nextInt(TENANTS.size()));
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> request(tenant);
        case 3, 4 -> place(tenant);
        case 5, 6 -> flush();
        case 7 -> instance.shipper.ship();
        case 8 -> instance.count();
        case 9 -> crash();
        case 10 -> outage(random.nextBoolean());
        default -> pass(Duration.ofMinutes(random.nextInt(-30, 60)));
      }
    }

    /** Everything that is on its way arrives. */
    void end() throws IOException {
      flush();
      instance.shipper.ship();
      instance.shipper.ship();
      instance.count();
      instance.close();
    }

    private void request(TenantId tenant) {
      instance.request(tenant);
      inMemory.merge(slot(tenant), 1L, Long::sum);
    }

    private void place(TenantId tenant) {
      instance.place(tenant);
      orders.merge(slot(tenant), 1L, Long::sum);
    }

    private void flush() {
      instance.flusher.flush();
      inMemory.forEach((slot, count) -> requests.merge(slot, count, Long::sum));
      inMemory.clear();
    }

    private void crash() throws Exception {
      inMemory.clear();
      instance.close();
      instance = start();
    }

    /** The answer gets lost, or there is none: neither may show in the end. */
    private void outage(boolean done) {
      books.between.let(done ? Between.ANSWER_LOST : Between.refused(500, "InternalServerError"));
      instance.shipper.ship();
      try {
        instance.count();
      } catch (Refused _) {
        // It is counted the next time.
      }
      books.between.let(Between.THROUGH);
    }

    private void pass(Duration time) {
      books.clock.move(time);
      books.nanos.addAndGet(time.abs().toNanos());
      instance.closing.close();
    }

    private Usage.Slot slot(TenantId tenant) {
      return new Usage.Slot(tenant, Usage.startOf(books.clock.instant()));
    }

    private WalkingInstance start() throws JournalUnusable {
      return new WalkingInstance(books, folder.resolve(name));
    }
  }
}
