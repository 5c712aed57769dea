package dev.partywall.metering.billing;

import static dev.partywall.concurrent.Conditions.await;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.concurrent.Latches;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class TenantBillsTest {
  private static final BilledTenant ACME =
      BilledTenant.of(MeteringFixture.record(new TenantId("acme"), "premium", 1), 1);

  /** A year, which excludes all other reads. */
  private static final Period PERIOD = new Period(EIGHT.minus(Duration.ofDays(365)), EIGHT);

  /** The timeout of a request interrupts its thread after 9.5 s. */
  @Test
  void aQueuedRequestEndsAtItsTimeout(LocalDynamo dynamo) throws Exception {
    var reading = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var metering = new MeteringFixture(dynamo)) {
      var bills = new TenantBills(metering.ledger, Optional.empty(), MeteringFixture::tierName);
      metering.faultInjector.handleOperationWith(
          "Query",
          upstream -> {
            reading.countDown();
            Latches.await(release);
            return FaultInjectingClient.FORWARD.handle(upstream);
          });
      var first = Thread.startVirtualThread(() -> read(bills));
      Latches.await(reading);
      var rejection = new AtomicReference<ApiException>();
      var queued =
          Thread.startVirtualThread(() -> {
            try {
              read(bills);
            } catch (ApiException e) {
              rejection.set(e);
            }
          });
      await(() -> queued.getState() == State.WAITING, "the request is not queued");
      queued.interrupt();
      await(() -> rejection.get() != null, "the request remains queued");
      assertEquals(
          new ApiError.Unavailable("Too many bills are being read.", Duration.ofSeconds(2)),
          rejection.get().error());
      release.countDown();
      first.join();
    } finally {
      release.countDown();
    }
  }

  private static void read(TenantBills bills) {
    var _ = bills.read(ACME, PERIOD, Granularity.DAY, Optional.empty());
  }
}
