package dev.partywall.operations.offboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Ends the owners of offboardings at random writes, and deletes many items. {@code -Pdeletion} runs
 * it with 1,000 ends and 1,000,000 items.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class DeletionProfileTest {
  private static final int KILLS = Integer.getInteger("owner.kills", 4);
  private static final int ITEMS = Integer.getInteger("deleted.items", 300);
  private static final long SEED = 20_261_128;

  /** One write of this number ends its owner. */
  private static final int WRITES_PER_KILL = 8;

  private final OffboardingFixture fixture;
  private final Random random = new Random(SEED);

  DeletionProfileTest(LocalDynamo dynamo) {
    this.fixture = new OffboardingFixture(dynamo);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** The process has ended. */
  private static final class KilledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    KilledException() {
      super("killed", null, false, false);
    }
  }

  /** Ends the owner before or after a random write. */
  private Object atRandom(Supplier<Object> call) {
    if (random.nextInt(WRITES_PER_KILL) > 0) {
      return call.get();
    }
    if (random.nextBoolean()) {
      var _ = call.get();
    }
    throw new KilledException();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void endsOfOwnersAtRandomWritesLoseAndDoubleNothing() {
    var tenants = 0;
    for (var kills = 0; kills < KILLS; tenants++) {
      var acme = fixture.offboard("random-" + tenants, placement());
      var orders = random.nextInt(250);
      fixture.store(acme, orders, 3, 5, 2);
      kills += killUntilTheEnd(acme);
      assertDeleted(acme, orders);
    }
    System.out.printf(
        "%d offboardings with %d ends of owners: every receipt is exact%n", tenants, KILLS);
  }

  private Placement placement() {
    return random.nextBoolean() ? new Placement.Pool() : new Placement.ShardedPool(2);
  }

  /** Returns the number of owners that have ended before the operation. */
  private int killUntilTheEnd(TenantId tenant) {
    var kills = 0;
    while (fixture.operations.find(tenant).isPresent()) {
      try {
        fixture.takeOver(tenant, this::atRandom).finishWithRepetitions();
      } catch (KilledException _) {
        kills++;
      }
    }
    return kills;
  }

  private void assertDeleted(TenantId tenant, int orders) {
    assertEquals(List.of(), fixture.items(tenant));
    assertEquals(5, fixture.counted(tenant));
    var counts = orders == 0 ? "{mark=5, note=3}" : "{mark=5, note=3, order=" + orders + "}";
    var receipt = fixture.receipt(tenant).orElseThrow();
    var expected = counts + ", expiring=2]] " + KeyHash.of(fixture, tenant, orders, 3, 5);
    assertTrue(receipt.contains(expected), () -> receipt + " lacks " + expected);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void countsEachOfManyItemsOnce() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    fixture.store(acme, ITEMS, 0, 0, 0);
    var begin = System.nanoTime();
    fixture.takeOver(acme).finishWithRepetitions();
    var duration = Duration.ofNanos(System.nanoTime() - begin);
    var heap = largestHeapBytes(); // before the sorted keys of the expected hash
    assertEquals(0, fixture.items(acme).size());
    assertTrue(
        fixture
            .receipt(acme)
            .orElseThrow()
            .contains(
                "{order=" + ITEMS + "}, expiring=0]] " + KeyHash.of(fixture, acme, ITEMS, 0, 0)));
    System.out.printf(
        "%,d items deleted in %d s, 0 found afterwards; largest heap %d MB%n",
        ITEMS, duration.toSeconds(), heap >> 20);
  }

  private static long largestHeapBytes() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }
}
