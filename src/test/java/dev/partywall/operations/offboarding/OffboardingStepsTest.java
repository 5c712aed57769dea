package dev.partywall.operations.offboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.InstanceStoppingException;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.TestOwners;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation.Ownership;
import dev.partywall.tenancy.registry.OperationStore.RecordChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OffboardingStepsTest {
  private final OffboardingFixture fixture;

  OffboardingStepsTest(LocalDynamo dynamo) {
    this.fixture = new OffboardingFixture(dynamo);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private String state(TenantId tenant) {
    return fixture.operations.find(tenant).orElseThrow().state();
  }

  @Test
  void deletesEveryItemOfTheTenantAndNoneOfAnother() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    var other = fixture.offboard("acme2", new Placement.Pool());
    fixture.store(acme, 100, 3, 7, 5);
    fixture.store(other, 1, 1, 0, 1);
    var untouched = fixture.stored(other);
    fixture.takeOver(acme).finish();
    assertEquals(List.of(), fixture.items(acme));
    assertEquals(untouched, fixture.stored(other));
    assertEquals(
        "acme [DeletedTable[name="
            + fixture.locations.pool()
            + ", collections={mark=7, note=3, order=100}, expiring=5]] "
            + KeyHash.of(fixture, acme, 100, 3, 7)
            + " 6",
        fixture.receipt(acme).orElseThrow());
    assertEquals(Optional.empty(), fixture.operations.find(acme));
    var record = fixture.registry.find(acme).orElseThrow();
    assertEquals(TenantStatus.OFFBOARDED, record.status());
    assertEquals(4, record.version());
  }

  @Test
  void countsTheOpenHoursBeforeItDeletesTheirMarks() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    fixture.store(acme, 0, 0, 7, 0);
    var globex = fixture.offboard("globex", new Placement.Pool());
    fixture.store(globex, 0, 0, 2, 0);
    var instance = fixture.takeOver(acme);
    assertEquals(0, fixture.counted(acme));
    while (!state(acme).equals(Offboarding.DELETING)) {
      instance.step();
    }
    assertEquals(7, fixture.counted(acme));
    assertEquals(7, fixture.items(acme).size());
    instance.finish();
    assertEquals(7, fixture.counted(acme));
    assertEquals(0, fixture.counted(globex));
    assertEquals(1, fixture.openHours().size()); // that of the other tenant
  }

  /** The successor counts the hour. */
  @Test
  void theCountOfTheOpenHoursEndsIfTheInstanceStops() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    fixture.store(acme, 0, 0, 7, 0);
    var steps = fixture.takeOver(acme).steps();
    var isStopping = new AtomicBoolean();
    var sources =
        new OwnedOperation.Sources(() -> UUID.randomUUID().toString(), () -> 0, isStopping::get);
    var owned = TestOwners.takeOver(fixture.registry, fixture.operations, acme, sources);
    while (!state(acme).equals(Offboarding.COUNTING)) {
      TestOwners.step(steps, owned);
    }
    isStopping.set(true);
    assertThrows(InstanceStoppingException.class, () -> TestOwners.step(steps, owned));
    assertEquals(0, fixture.counted(acme));
    assertEquals(1, fixture.openHours().size());
    assertEquals(Offboarding.COUNTING, state(acme));
    fixture.takeOver(acme).finish();
    assertEquals(7, fixture.counted(acme));
  }

  @Test
  void deletesAllShardsInTheOrderOfTheirKeys() {
    var acme = fixture.offboard("acme", new Placement.ShardedPool(3));
    fixture.store(acme, 15, 12, 4, 6);
    fixture.takeOver(acme).finish();
    assertEquals(List.of(), fixture.items(acme));
    assertTrue(
        fixture
            .receipt(acme)
            .orElseThrow()
            .contains(
                "{mark=4, note=12, order=15}, expiring=6]] "
                    + KeyHash.of(fixture, acme, 15, 12, 4)));
  }

  @Test
  void keepsTheDataUntilTheRetentionHasEnded() {
    var acme = fixture.offboard("acme", new Placement.Pool(), Duration.ofDays(30));
    fixture.store(acme, 1, 0, 0, 0);
    var instance = fixture.takeOver(acme);
    var operation = fixture.operations.find(acme).orElseThrow();
    fixture.clock.advance(Duration.ofDays(30).minusMillis(1));
    assertFalse(instance.steps().isDue(operation));
    assertEquals(Step.WAIT, instance.step());
    assertEquals(Offboarding.RETENTION, state(acme));
    fixture.clock.advance(Duration.ofMillis(1));
    assertTrue(instance.steps().isDue(operation));
    assertEquals(Step.CONTINUE, instance.step());
    assertEquals(Offboarding.BARRIER, state(acme));
  }

  @Test
  void waitsForTheInstancesThatStillServeTheTenant() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    fixture.waitingFor.set(List.of("instance-2"));
    var instance = fixture.takeOver(acme);
    instance.step();
    assertEquals(Step.WAIT, instance.step());
    var waiting = fixture.operations.find(acme).orElseThrow();
    assertEquals(List.of("instance-2"), waiting.progress().waitingFor());
    fixture.waitingFor.set(List.of());
    assertEquals(Step.CONTINUE, instance.step());
    assertEquals(Offboarding.COUNTING, state(acme));
  }

  @Test
  void deletesNothingWhileTheClockDiffersFromThatOfTheRegistry() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    var instance = fixture.takeOver(acme);
    fixture.clockDifference.set(Optional.of(Duration.ofSeconds(61)));
    assertEquals(
        Optional.of("The clock of the instance differs from that of the registry by 61 s."),
        instance.obstacle());
    fixture.clockDifference.set(Optional.empty());
    assertEquals(Optional.of("The time of the registry is not known."), instance.obstacle());
    fixture.clockDifference.set(Optional.of(Duration.ofMinutes(-1)));
    assertEquals(Optional.empty(), instance.obstacle());
    instance.step();
    instance.step();
    assertEquals(Offboarding.COUNTING, state(acme));
    assertEquals(Optional.empty(), instance.obstacle());
    fixture.clockDifference.set(Optional.of(Duration.ofSeconds(-61)));
    assertTrue(instance.obstacle().isPresent());
  }

  /** The runner has read the operation before the cancellation, which ends it. */
  @Test
  void anInstanceThatReadTheOperationBeforeItsCancellationDoesNotExecuteIt() {
    var acme = fixture.offboard("acme", new Placement.Pool(), Duration.ofDays(30));
    var record = fixture.registry.find(acme).orElseThrow();
    var read = fixture.operations.find(acme).orElseThrow();
    var restored = record.withStatus(TenantStatus.ACTIVE, record.updatedAt());
    assertEquals(RecordChange.APPLIED, fixture.operations.end(read, record, restored, List.of()));
    assertFalse(fixture.operations.update(read, read.ownedBy(new Ownership(1, "late"))));
    assertEquals(Optional.empty(), fixture.operations.find(acme));
  }

  @Test
  void deletesTheTableOfASiloAfterTheReceiptIsSigned() {
    var acme = fixture.offboard("acme", new Placement.Silo());
    var table = fixture.createSilo(acme);
    fixture.store(acme, 9, 0, 2, 0);
    var expected = KeyHash.of(fixture, acme, 9, 0, 2);
    var instance = fixture.takeOver(acme);
    while (!state(acme).equals(Offboarding.DELETING_TABLE)) {
      instance.step();
    }
    assertEquals(Optional.empty(), fixture.receipt(acme));
    fixture.client.describeTable(describe -> describe.tableName(table));
    instance.finish();
    assertThrows(
        ResourceNotFoundException.class,
        () -> fixture.client.describeTable(describe -> describe.tableName(table)));
    assertTrue(
        fixture
            .receipt(acme)
            .orElseThrow()
            .contains("{mark=2, order=9}, expiring=0]] " + expected));
    assertEquals(TenantStatus.OFFBOARDED, fixture.registry.find(acme).orElseThrow().status());
  }

  @Test
  void aSiloThatWasNeverCreatedGetsAReceiptWithoutItems() {
    var acme = fixture.offboardFailed("acme");
    fixture.takeOver(acme).finish();
    assertTrue(
        fixture
            .receipt(acme)
            .orElseThrow()
            .endsWith("collections={}, expiring=0]] " + "0".repeat(64) + " 1"));
  }

  @Test
  void waitsIfTheTableOfAnEarlierActiveTenantIsMissing() {
    var acme = fixture.offboard("acme", new Placement.Silo());
    var instance = fixture.takeOver(acme);
    while (!state(acme).equals(Offboarding.COUNTING)) {
      instance.step();
    }
    assertEquals(Step.WAIT, instance.step());
    assertEquals(
        Optional.of("The table " + fixture.location(acme).table() + " does not exist."),
        fixture.operations.find(acme).orElseThrow().progress().reason());
    assertEquals(Offboarding.COUNTING, state(acme));
  }

  /** The receipt does not name the results of earlier operations, so none remains. */
  @Test
  void removesTheResultsOfEarlierOperationsOfTheIncarnation() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    var others = List.of(".failed#1", ".imported#1", ".import-result#1");
    for (var name : others) {
      fixture.storeDocument(acme, name);
    }
    fixture.storeDocument(acme, ".receipt#7");
    fixture.takeOver(acme).finish();
    for (var name : others) {
      assertEquals(Optional.empty(), fixture.operations.document(acme, name), name);
    }
    assertTrue(fixture.operations.document(acme, ".receipt#7").isPresent());
    assertTrue(fixture.receipt(acme).isPresent());
  }

  /** The next incarnation replaces the record. */
  @Test
  void keepsTheNameAndTheTierForTheBills() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    var record = fixture.registry.find(acme).orElseThrow();
    fixture.takeOver(acme).finish();
    assertEquals(
        Optional.of(Map.of("name", record.name(), "tier", record.tier())),
        fixture.operations.document(acme, ".billed#1"));
  }

  @Test
  void continuesTheDeletionIfTheVerificationFindsAnItem() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    fixture.store(acme, 4, 0, 0, 0);
    var instance = fixture.takeOver(acme);
    while (!state(acme).equals(Offboarding.VERIFYING)) {
      instance.step();
    }
    fixture.store(acme, 0, 2, 0, 0);
    instance.finish();
    assertEquals(List.of(), fixture.items(acme));
    assertTrue(fixture.receipt(acme).orElseThrow().contains("{note=2, order=4}, expiring=0"));
  }
}
