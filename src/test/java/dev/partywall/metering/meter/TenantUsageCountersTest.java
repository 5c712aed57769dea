package dev.partywall.metering.meter;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.sums;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.storage.ShiftedClock;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TenantUsageCountersTest {
  private final ShiftedClock clock = new ShiftedClock(EIGHT.plusSeconds(1800));
  private final TenantUsageCounters counters = new TenantUsageCounters(clock, 3);
  private final List<Usage> drained = new ArrayList<>();

  @Test
  void countsEachIncarnationApart() throws IOException {
    UsageSamples.addRequest(counters);
    var second = counters.acquire(new MeteredTenant(ACME, 2));
    second.addRequest(EIGHT);
    second.release();
    var drained = new ArrayList<Usage>();
    counters.drain(drained::addAll);
    assertEquals(
        Set.of(first(ACME), new MeteredTenant(ACME, 2)),
        drained.stream().map(Usage::tenant).collect(Collectors.toSet()));
  }

  @Test
  void writesAUseThatFollowsTheLastFlushOfItsRequest() throws IOException {
    var counter = counters.acquire(first(ACME));
    counter.addRequest(EIGHT);
    counters.drain(_ -> {});
    counter.addUse(UsageMeter.feature("order-notes"));
    counter.release();
    clock.advance(Duration.ofHours(1));
    var drained = new ArrayList<Usage>();
    counters.drain(drained::addAll);
    var expected = Usage.of(first(ACME), EIGHT, Amounts.of(UsageMeter.feature("order-notes"), 1));
    assertEquals(List.of(expected), drained);
  }

  @Test
  void drainsUsageThatARequestAddsAfterAFlush() throws IOException {
    var counter = counters.acquire(first(ACME));
    counter.addRequest(EIGHT);
    counters.drain(_ -> {});
    counter.addBytesOut(900);
    counter.release();
    counters.drain(drained::addAll);
    assertEquals(
        List.of(Amounts.of(KernelMeter.BYTES_OUT, 900)),
        drained.stream().map(Usage::amounts).toList());
  }

  /** The cost of a flush does not depend on the number of idle tenants. */
  @Test
  void onlyACounterThatWasInUseOrIsRetiredIsRead() {
    var counter = new UsageCounter(first(ACME), EIGHT);
    assertFalse(counter.takeChanged());
    counter.acquire();
    assertTrue(counter.takeChanged());
    assertTrue(counter.takeChanged());
    counter.release();
    assertTrue(counter.takeChanged());
    assertFalse(counter.takeChanged());
    counter.retire();
    assertTrue(counter.takeChanged());
    assertTrue(counter.takeChanged());
  }

  @Test
  void countsAtMost200RoutesAndFeaturesInAnHour() {
    var counter = new UsageCounter(first(ACME), EIGHT);
    for (var i = 0; i < 201; i++) {
      counter.addUse(UsageMeter.feature("feature-" + i));
    }
    counter.addUse(UsageMeter.feature("feature-0"));
    assertEquals(200, counter.uses().meters().size());
    assertEquals(2, counter.uses().steps(UsageMeter.feature("feature-0")));
    assertEquals(0, counter.uses().steps(UsageMeter.feature("feature-200")));
  }

  @Test
  void drainsAddedUsageOnce() throws IOException {
    addRequests(5);
    counters.drain(drained::addAll);
    counters.drain(drained::addAll);
    addRequests(2);
    counters.drain(drained::addAll);
    assertEquals(requests(5, 2), drained.stream().map(Usage::amounts).toList());
  }

  @Test
  void drainsRejectedUsageAgainWithNewUsage() throws IOException {
    addRequests(5);
    assertThrows(IOException.class, () -> counters.drain(TenantUsageCountersTest::rejectAll));
    addRequests(2);
    counters.drain(drained::addAll);
    assertEquals(requests(7), drained.stream().map(Usage::amounts).toList());
  }

  @Test
  void drainsRejectedUsageAgainWithoutNewUsage() throws IOException {
    addRequests(5);
    assertThrows(IOException.class, () -> counters.drain(TenantUsageCountersTest::rejectAll));
    counters.drain(drained::addAll);
    assertEquals(requests(5), drained.stream().map(Usage::amounts).toList());
  }

  @Test
  void countsLateUsageInTheHourOfItsStart() throws IOException {
    var counter = counters.acquire(first(ACME));
    clock.advance(Duration.ofHours(1));
    addRequests(1);
    counters.drain(drained::addAll);
    counter.addBytesOut(900);
    counter.release();
    counters.drain(drained::addAll);
    var expected =
        Map.of(
            "acme " + EIGHT, Amounts.of(KernelMeter.BYTES_OUT, 900),
            "acme " + NINE, Amounts.of(KernelMeter.REQUESTS, 1));
    assertEquals(expected, sums(drained));
  }

  @Test
  void addsToTheEarlierHourAfterTheClockWasSetBack() throws IOException {
    addRequests(1);
    clock.advance(Duration.ofHours(1));
    addRequests(2);
    counters.drain(drained::addAll);
    clock.advance(Duration.ofHours(-1));
    addRequests(4);
    counters.drain(drained::addAll);
    var expected =
        Map.of(
            "acme " + EIGHT, Amounts.of(KernelMeter.REQUESTS, 5),
            "acme " + NINE, Amounts.of(KernelMeter.REQUESTS, 2));
    assertEquals(expected, sums(drained));
  }

  @Test
  void removesAPastHourAfterItIsWritten() throws IOException {
    for (var hour = 0; hour < 10; hour++) {
      addRequests(1);
      clock.advance(Duration.ofHours(1));
      counters.drain(drained::addAll);
    }
    assertEquals(10, sums(drained).size());
    assertEquals(Amounts.ZERO, counters.overflow());
  }

  @Test
  void acceptsMoreTenantsPerHourThanCountersIfTheyArriveSequentially() throws IOException {
    for (var tenant = 0; tenant < 10; tenant++) {
      counters.acquire(first(new TenantId("t" + tenant))).release();
      counters.acquire(first(ACME)).release();
      addRequests(1);
      counters.drain(drained::addAll);
    }
    assertEquals(Map.of("acme " + EIGHT, Amounts.of(KernelMeter.REQUESTS, 10)), sums(drained));
    assertEquals(Amounts.ZERO, counters.overflow());
  }

  @Test
  void reportsUsageAboveTheLimit() throws IOException {
    for (var hour = 0; hour < 5; hour++) {
      addRequests(1);
      assertThrows(IOException.class, () -> counters.drain(TenantUsageCountersTest::rejectAll));
      clock.advance(Duration.ofHours(1));
    }
    counters.drain(drained::addAll);
    assertEquals(3, sums(drained).size());
    assertEquals(Amounts.of(KernelMeter.REQUESTS, 2), counters.overflow());
    assertEquals(Amounts.ZERO, counters.overflow());
  }

  @Test
  void neitherLosesNorDuplicatesConcurrentUsageAtTheTurnOfTheHour() throws Exception {
    var busy = new AtomicBoolean(true);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var drain =
          threads.submit(() -> {
            while (busy.get()) {
              clock.advance(Duration.ofMinutes(7));
              counters.drain(drained::addAll);
            }
            return null;
          });
      try (var users = Executors.newFixedThreadPool(4)) {
        for (var user = 0; user < 4; user++) {
          users.execute(() -> addManyRequests(20_000));
        }
      }
      busy.set(false);
      drain.get();
    }
    counters.drain(drained::addAll);
    var total = drained.stream().map(Usage::amounts).reduce(counters.overflow(), Amounts::plus);
    assertEquals(80_000, total.steps(KernelMeter.REQUESTS));
  }

  /** Each counter is idle when the flush reads it, and is used once at about that time. */
  @Test
  void theNextFlushContainsUsageThatIsAddedDuringAFlush() throws Exception {
    var many = new TenantUsageCounters(clock, 10_000);
    var tenants = IntStream.range(0, 1_000).mapToObj(i -> first(new TenantId("t" + i))).toList();
    for (var round = 0; round < 200; round++) {
      var added =
          CompletableFuture.runAsync(
              () -> tenants.forEach(tenant -> addRequest(many, tenant)),
              Thread.ofPlatform()::start);
      while (!added.isDone()) {
        many.drain(drained::addAll);
      }
      added.get();
      many.drain(drained::addAll);
      var total = drained.stream().mapToLong(u -> u.amounts().steps(KernelMeter.REQUESTS)).sum();
      assertEquals(1_000, total);
      drained.clear();
    }
  }

  private static void addRequest(TenantUsageCounters counters, MeteredTenant tenant) {
    var counter = counters.acquire(tenant);
    counter.addRequest(EIGHT);
    counter.release();
  }

  private void addManyRequests(int times) {
    for (var i = 0; i < times; i++) {
      var counter = counters.acquire(first(i % 2 == 0 ? ACME : GLOBEX));
      counter.addRequest(EIGHT);
      counter.release();
    }
  }

  private void addRequests(int times) {
    for (var i = 0; i < times; i++) {
      var counter = counters.acquire(first(ACME));
      counter.addRequest(EIGHT);
      counter.release();
    }
  }

  private static List<Amounts> requests(long... counts) {
    return Arrays.stream(counts)
        .mapToObj(count -> Amounts.of(KernelMeter.REQUESTS, count))
        .toList();
  }

  private static void rejectAll(List<Usage> usage) throws IOException {
    throw new IOException("no space for " + usage.size());
  }
}
