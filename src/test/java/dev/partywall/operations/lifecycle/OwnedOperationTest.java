package dev.partywall.operations.lifecycle;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.NOON;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
class OwnedOperationTest {
  private static final TenantRecord TENANT = tenant(ACME);

  private RegistryFixture fixture;
  private OperationStore store;

  @BeforeEach
  void begin(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    fixture.registry.create(TENANT, Optional.empty());
    store = fixture.registry.operations();
    var operation = Operation.begun(TENANT, OperationKind.IMPORT, "o-1", "one", "olga", NOON);
    store.begin(operation, TENANT, TENANT.withOperation(Optional.of(OperationKind.IMPORT)));
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private Operation stored() {
    return store.find(ACME).orElseThrow();
  }

  @Test
  void anOwnerStops20SecondsAfterItsLastRenewal() {
    var sources = new OwnedOperation.Sources(() -> "lease", fixture.nanoClock::get);
    var owned = OwnedOperation.takeOver(store, TENANT, stored(), sources);
    fixture.nanoClock.addAndGet(Duration.ofSeconds(20).toNanos());
    owned.requireCurrent();
    fixture.nanoClock.incrementAndGet();
    assertThrows(OwnershipLostException.class, owned::requireCurrent);
  }

  @Test
  void anOwnerThatLostItsLeaseCannotSave() {
    var leases = List.of("a", "b", "c").iterator();
    var sources = new OwnedOperation.Sources(leases::next, fixture.nanoClock::get);
    var first = OwnedOperation.takeOver(store, TENANT, stored(), sources);
    OwnedOperation.takeOver(store, TENANT, stored(), sources);
    assertThrows(OwnershipLostException.class, first::confirm);
    assertThrows(OwnershipLostException.class, () -> first.end(TENANT, List.of()));
    assertEquals("b", stored().ownership().lease());
  }
}
