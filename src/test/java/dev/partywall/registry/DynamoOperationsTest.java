package dev.partywall.registry;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.GLOBEX;
import static dev.partywall.registry.RegistryFixture.NOON;
import static dev.partywall.registry.RegistryFixture.next;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.Operation.Ownership;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.OperationStore.Document;
import dev.partywall.tenancy.registry.OperationStore.RecordChange;
import dev.partywall.tenancy.registry.OperationStore.Start;
import dev.partywall.tenancy.registry.TenantRegistry.Change;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class DynamoOperationsTest {
  private static final TenantRecord TENANT = tenant(ACME);
  private static final TenantRecord DURING =
      TENANT.withOperation(Optional.of(OperationKind.IMPORT));

  private RegistryFixture fixture;
  private OperationStore operations;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    operations = fixture.registry.operations();
    fixture.registry.create(TENANT, Optional.empty());
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private static Operation operation(String id) {
    return Operation.begun(TENANT, OperationKind.IMPORT, id, "open", "olga", NOON)
        .with("clone", "true");
  }

  private Operation begun(String id) {
    return ((Start.Begun) operations.begin(operation(id), TENANT, DURING)).operation();
  }

  private static Operation ownedBy(Operation operation, long epoch, String lease) {
    return operation.ownedBy(new Ownership(epoch, lease));
  }

  @Test
  void anOperationIsStoredWithTheChangeThatBeginsIt() {
    var begun = begun("o-1");
    assertEquals(2, begun.origin().sequence());
    assertEquals(operation("o-1").begunBy(2), begun);
    assertEquals(Optional.of(begun), operations.find(ACME));
    assertEquals(List.of(begun), operations.all());
    assertEquals(Optional.of(DURING), fixture.registry.find(ACME));
    assertEquals(2, fixture.registry.changeLog().sequence());
  }

  /** A page of tenants requires only the operations of its tenants. */
  @Test
  void readsTheOperationsBetweenTwoTenants() {
    var begun = begun("o-1");
    assertEquals(List.of(begun), operations.between(ACME, ACME));
    assertEquals(List.of(begun), operations.between(new TenantId("a"), new TenantId("z")));
    assertEquals(List.of(), operations.between(new TenantId("acme2"), new TenantId("z")));
    assertEquals(List.of(), operations.between(new TenantId("a"), new TenantId("acm")));
  }

  @Test
  void aSecondOperationDoesNotBegin() {
    var first = begun("o-1");
    assertEquals(new Start.InProgress(first), operations.begin(operation("o-2"), DURING, DURING));
    assertEquals(
        new Start.InProgress(first),
        operations.begin(operation("o-2"), DURING, next(DURING, TenantStatus.OFFBOARDING)));
    assertEquals(Optional.of(DURING), fixture.registry.find(ACME));
  }

  @Test
  void anOperationThatDoesNotChangeTheRecordChangesNoSequence() {
    var export = operation("o-1");
    assertEquals(new Start.Begun(export), operations.begin(export, TENANT, TENANT));
    assertEquals(Optional.of(export), operations.find(ACME));
    assertEquals(1, fixture.registry.changeLog().sequence());
  }

  @Test
  void anOperationOnAnOldVersionOfTheRecordDoesNotBegin() {
    fixture.registry.replace(next(TENANT, TenantStatus.SUSPENDED));
    assertEquals(new Start.Stale(), operations.begin(operation("o-1"), TENANT, DURING));
    assertEquals(new Start.Stale(), operations.begin(operation("o-1"), TENANT, TENANT));
    assertEquals(Optional.empty(), operations.find(ACME));
  }

  @Test
  void aRegistrationCanBeginAnOperation() {
    var globex = tenant(GLOBEX);
    var provisioning =
        Operation.begun(globex, OperationKind.PROVISIONING, "o-9", "creating", "olga", NOON);
    assertEquals(
        new Creation.Created(),
        fixture.registry.create(globex, Optional.empty(), Optional.of(provisioning)));
    assertEquals(Optional.of(provisioning.begunBy(2)), operations.find(GLOBEX));
  }

  @Test
  void onlyTheOwnerReplacesAnOperation() {
    var free = begun("o-1");
    var first = ownedBy(free, 1, "a");
    var second = ownedBy(free, 2, "b");
    assertTrue(operations.update(free, first));
    assertFalse(operations.update(free, second));
    assertTrue(operations.update(first, second));
    assertFalse(operations.update(first, first.inState("complete")));
    assertEquals(Optional.of(second), operations.find(ACME));
  }

  @Test
  void anOwnerReplacesTheOperationAndTheRecordTogether() {
    var free = begun("o-1");
    var owned = ownedBy(free, 1, "a");
    var replaced = DURING.withContentRevision(2);
    assertEquals(
        RecordChange.APPLIED, operations.update(free, owned.inState("next"), DURING, replaced));
    assertEquals(Optional.of(owned.inState("next")), operations.find(ACME));
    assertEquals(Optional.of(replaced), fixture.registry.find(ACME));
    assertEquals(3, fixture.registry.changeLog().sequence());
    var late = ownedBy(free, 2, "b");
    assertEquals(
        RecordChange.NOT_OWNED,
        operations.update(free, late, replaced, replaced.withContentRevision(3)));
    // These changes are made without knowledge of the revision.
    assertEquals(
        RecordChange.STALE, operations.end(owned.inState("next"), DURING, TENANT, List.of()));
    assertEquals(
        new Change.Replaced(), fixture.registry.replace(next(DURING, TenantStatus.SUSPENDED)));
    assertEquals(
        RecordChange.STALE,
        operations.update(
            owned.inState("next"),
            ownedBy(free, 1, "c"),
            replaced,
            replaced.withContentRevision(3)));
    assertEquals(Optional.of(owned.inState("next")), operations.find(ACME));
    assertEquals(2, fixture.registry.find(ACME).orElseThrow().contentRevision());
  }

  @Test
  void noOperationBeginsWithTheRecordOfAFormerContent() {
    var begun = begun("o-1");
    var owned = ownedBy(begun, 1, "a");
    var replaced = DURING.withContentRevision(2);
    operations.update(begun, owned, DURING, replaced);
    var ended = replaced.withOperation(Optional.empty());
    assertEquals(RecordChange.APPLIED, operations.end(owned, replaced, ended, List.of()));
    assertEquals(new Start.Stale(), operations.begin(operation("o-2"), TENANT, DURING));
    assertEquals(new Start.Stale(), operations.begin(operation("o-2"), TENANT, TENANT));
    assertEquals(Optional.of(ended), fixture.registry.find(ACME));
    var second = operation("o-3");
    assertEquals(new Start.Begun(second), operations.begin(second, ended, ended));
  }

  @Test
  void aRepeatedReplacementWhoseResponseWasLostSucceeds() {
    var free = begun("o-1");
    var owned = ownedBy(free, 1, "a");
    assertTrue(operations.update(free, owned));
    assertTrue(operations.update(free, owned));
  }

  @Test
  void theEndRemovesTheOperationAndStoresItsDocuments() {
    var owned = ownedBy(begun("o-1"), 1, "a");
    operations.update(operations.find(ACME).orElseThrow(), owned);
    var document = new Document(".imported#1", Map.of("at", "2026-11-24T12:00:00Z"));
    assertEquals(RecordChange.APPLIED, operations.end(owned, DURING, TENANT, List.of(document)));
    assertEquals(Optional.empty(), operations.find(ACME));
    assertEquals(Optional.of(TENANT), fixture.registry.find(ACME));
    assertEquals(
        Optional.of(Map.of("at", "2026-11-24T12:00:00Z")),
        operations.document(ACME, ".imported#1"));
    assertEquals(Optional.empty(), operations.document(ACME, ".imported#2"));
    assertEquals(3, fixture.registry.changeLog().sequence());
  }

  @Test
  void anEarlierOwnerCannotEndTheOperation() {
    var free = begun("o-1");
    var first = ownedBy(free, 1, "a");
    var second = ownedBy(free, 2, "b");
    operations.update(free, first);
    operations.update(first, second);
    assertEquals(RecordChange.NOT_OWNED, operations.end(first, DURING, TENANT, List.of()));
    assertEquals(Optional.of(second), operations.find(ACME));
    assertEquals(Optional.of(DURING), fixture.registry.find(ACME));
  }

  @Test
  void theEndFailsIfTheRecordHasChanged() {
    var free = begun("o-1");
    fixture.registry.replace(next(TENANT, TenantStatus.SUSPENDED));
    assertEquals(RecordChange.STALE, operations.end(free, DURING, TENANT, List.of()));
    assertEquals(Optional.of(free), operations.find(ACME));
  }

  @Test
  void aChangeOfTheRecordKeepsItsOperation() {
    begun("o-1");
    var renamed = next(TENANT, TenantStatus.SUSPENDED); // made without knowledge of the operation
    assertEquals(new Change.Replaced(), fixture.registry.replace(renamed));
    assertEquals(
        Optional.of(renamed.withOperation(Optional.of(OperationKind.IMPORT))),
        fixture.registry.find(ACME));
  }
}
