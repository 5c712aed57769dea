package dev.partywall.operations.lifecycle;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.NOON;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class StepAuditTest {
  private static final TenantRecord TENANT = tenant(ACME);
  private static final String PREFIX = "DELETE /tenants/{id} /tenants/acme ";
  private static final String PROCEEDED =
      PREFIX + "proceeded {operation=offboarding, state=barrier}";
  private static final String DONE = PREFIX + "done {operation=offboarding, status=offboarded}";

  private final RecordedSteps entries = new RecordedSteps();
  private final StepAudit audit = new StepAudit(entries, "DELETE /tenants/{id}");
  private RegistryFixture fixture;
  private OperationStore store;

  @BeforeEach
  void begin(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    fixture.registry.create(TENANT, Optional.empty());
    store = fixture.registry.operations();
    var begun = Operation.begun(TENANT, OperationKind.OFFBOARDING, "o-1", "barrier", "olga", NOON);
    store.begin(begun, TENANT, TENANT);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private OwnedOperation takeOver() {
    return TestOwners.takeOver(fixture.registry, store, ACME, fixture.nanoClock::get);
  }

  private void end(OwnedOperation owned) {
    audit.end(owned, "done", "status", "offboarded");
  }

  private static void late() {
    throw new ApiException(new ApiError.Unavailable("late", Duration.ofSeconds(1)));
  }

  @Test
  void aRepetitionWaitsForTheSameEntry() {
    var owned = takeOver();
    entries.whenWaiting(StepAuditTest::late);
    assertThrows(ApiException.class, () -> audit.begin(owned));
    assertThrows(ApiException.class, () -> audit.begin(owned.with(TENANT)));
    entries.whenWaiting(() -> {});
    audit.begin(owned);
    assertEquals(List.of(PROCEEDED), entries.lines());
    entries.whenWaiting(StepAuditTest::late);
    assertThrows(ApiException.class, () -> end(owned));
    assertThrows(ApiException.class, () -> end(owned));
    entries.whenWaiting(() -> {});
    audit.begin(owned);
    end(owned);
    assertEquals(List.of(PROCEEDED, DONE), entries.lines());
  }

  @Test
  void eachOwnerAndEachStateHasItsOwnEntries() {
    audit.begin(takeOver());
    var owned = takeOver();
    audit.begin(owned);
    var counting = PROCEEDED.replace("barrier", "counting");
    for (var state : List.of("counting", "barrier")) {
      owned.save(owned.operation().inState(state));
      audit.begin(owned);
      audit.begin(owned);
    }
    assertEquals(List.of(PROCEEDED, PROCEEDED, counting, PROCEEDED), entries.lines());
  }

  /** A step must not start with a lease that ends soon. */
  @Test
  void renewsTheLeaseAfterTheWait() {
    var owned = takeOver();
    var lease = store.find(ACME).orElseThrow().ownership().lease();
    entries.whenWaiting(() -> fixture.nanoClock.addAndGet(Duration.ofSeconds(12).toNanos()));
    audit.begin(owned);
    assertEquals(
        Duration.ofSeconds(20), Duration.ofNanos(owned.leaseEnd() - fixture.nanoClock.get()));
    assertNotEquals(lease, store.find(ACME).orElseThrow().ownership().lease());
  }

  @Test
  void anOwnerThatIsReplacedDuringTheWaitExecutesNoStep() {
    var owned = takeOver();
    entries.whenWaiting(() -> {
      fixture.nanoClock.addAndGet(Duration.ofSeconds(12).toNanos());
      takeOver();
    });
    assertThrows(OwnershipLostException.class, () -> audit.begin(owned));
  }
}
