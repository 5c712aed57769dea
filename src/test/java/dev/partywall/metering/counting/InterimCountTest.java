package dev.partywall.metering.counting;

import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.Ids;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TestExecution;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class InterimCountTest {
  private final Ids ids = new Ids(new SecureRandom());
  private MeteringFixture fixture;
  private WriteCounting writeCounting;
  private TenantTable orders;
  private TenantTable ordersOfAnotherInstance;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
    fixture.clock.advance(Duration.ofMinutes(10));
    writeCounting =
        new WriteCounting(
            fixture.uncountedHours, UUID::randomUUID, fixture.clock, fixture.nanoClock::get);
    orders = fixture.ordersTable(writeCounting);
    ordersOfAnotherInstance = fixture.ordersTable(_ -> {});
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  /** Each minute has 3 new markers, so a count of all markers would read up to 60. */
  @Test
  void readsTheMarkersOfTheLastMinutesOnly() {
    var markersRead = new AtomicInteger();
    try (var client = fixture.faultInjector.client(List.of(counting(markersRead)))) {
      var locations = new TenantLocations(fixture.prefix + "orders");
      var counts =
          new HourlyCounts(
              new CountedWrites(client, locations),
              fixture.ledger,
              Tenant::new,
              TestExecution::create);
      var read = new ArrayList<Integer>();
      for (var minute = 0; minute < 20; minute++) {
        for (var order = 0; order < 3; order++) {
          place(Duration.ZERO);
        }
        markersRead.set(0);
        writeCounting.count(counts);
        read.add(markersRead.get());
        advance(Duration.ofMinutes(1));
      }
      assertEquals(60, ledgerCount());
      assertTrue(Collections.max(read) <= 12, read::toString);
    }
  }

  @Test
  void countsALateMarkerWithinTheOverlap() {
    place(Duration.ZERO);
    count();
    placeByAnotherInstance(Duration.ofSeconds(59));
    count();
    assertEquals(2, ledgerCount());
  }

  @Test
  void countsAnOlderMarkerOfAnotherInstanceWhenTheHourIsClosed() {
    place(Duration.ZERO);
    count();
    placeByAnotherInstance(Duration.ofSeconds(61));
    count();
    assertEquals(1, ledgerCount());
    closeHour();
    assertEquals(2, ledgerCount());
  }

  @Test
  void countsAllMarkersAfterAWriteWithAnOldId() {
    place(Duration.ZERO);
    count();
    place(Duration.ofMinutes(3));
    count();
    place(Duration.ofMinutes(5));
    advance(Duration.ofMinutes(2));
    count();
    assertEquals(3, ledgerCount());
  }

  @Test
  void countsAllMarkersAfterTheClockWasSetBack() {
    place(Duration.ZERO);
    count();
    fixture.clock.advance(Duration.ofMinutes(-3));
    place(Duration.ZERO);
    count();
    assertEquals(2, ledgerCount());
  }

  @Test
  void equalsTheCountOfAllMarkersAfterRandomSteps() {
    var random = new Random(7);
    var placed = 0;
    for (var step = 0; step < 150; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          place(Duration.ofSeconds(random.nextInt(10)));
          placed++;
        }
        case 3 -> {
          place(Duration.ofSeconds(random.nextInt(240)));
          placed++;
        }
        case 4 -> advance(Duration.ofSeconds(random.nextInt(-60, 90)));
        case 5 -> advance(Duration.ofSeconds(random.nextInt(10)));
        default -> {
          count();
          assertEquals(placed, ledgerCount(), "step " + step);
        }
      }
    }
  }

  private void place(Duration ageOfId) {
    MeteringFixture.placeOrder(orders, ACME, id(ageOfId));
  }

  private void placeByAnotherInstance(Duration ageOfId) {
    MeteringFixture.placeOrder(ordersOfAnotherInstance, ACME, id(ageOfId));
  }

  private String id(Duration age) {
    return ids.next(fixture.clock.instant().minus(age));
  }

  private void count() {
    assertEquals(Optional.empty(), writeCounting.count(fixture.hourlyCounts));
  }

  private void closeHour() {
    var hourCloser =
        new HourCloser(
            fixture.uncountedHours, fixture.hourlyCounts, fixture.clock, fixture.nanoClock::get);
    hourCloser.closeHours();
    advance(Duration.ofHours(1));
    assertEquals(Optional.empty(), hourCloser.closeHours());
  }

  /** The wall clock may be set back, the monotonic clock not. */
  private void advance(Duration by) {
    fixture.clock.advance(by);
    fixture.nanoClock.addAndGet(by.abs().toNanos());
  }

  private long ledgerCount() {
    return fixture.ledgerAmount(ACME, NINE, MeteringFixture.ORDERS_PLACED);
  }

  private static ExecutionInterceptor counting(AtomicInteger markersRead) {
    return new ExecutionInterceptor() {
      @Override
      public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        if (context.response() instanceof QueryResponse response) {
          markersRead.addAndGet(response.scannedCount());
        }
      }
    };
  }
}
