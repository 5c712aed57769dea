package dev.partywall.operations.offboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the times that a receipt depends on, and the audit entries of a deletion. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class SignedDeletionTest {
  private final OffboardingFixture fixture;

  SignedDeletionTest(LocalDynamo dynamo) {
    this.fixture = new OffboardingFixture(dynamo);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private String state(TenantId tenant) {
    return fixture.operations.find(tenant).orElseThrow().state();
  }

  /** The backups of a table end 35 days after its deletion, and the receipt states 36 days. */
  @Test
  void signsAgainIfTheTableIsDeletedLaterThanTheReceiptPermits() {
    var acme = fixture.offboard("acme", new Placement.Silo());
    fixture.createSilo(acme);
    fixture.store(acme, 1, 0, 0, 0);
    var instance = fixture.takeOver(acme);
    while (!state(acme).equals(Offboarding.DELETING_TABLE)) {
      instance.step();
    }
    fixture.clock.advance(Duration.ofHours(23).minusMillis(1));
    assertEquals(Step.WAIT, instance.step()); // the protection is off
    assertEquals(Offboarding.DELETING_TABLE, state(acme));
    fixture.clock.advance(Duration.ofMillis(1));
    assertEquals(Step.CONTINUE, instance.step()); // the table is deleted too late
    assertEquals(Offboarding.RECEIPT, state(acme));
    instance.finish();
    assertTrue(fixture.receipt(acme).orElseThrow().contains("{order=1}, expiring=0]]"));
    assertEquals(
        2,
        fixture.entries.lines().stream().filter(line -> line.endsWith("state=receipt}")).count());
  }

  @Test
  void eachStateAndTheEndHaveAnAuditEntry() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    fixture.store(acme, 1, 0, 0, 0);
    fixture.takeOver(acme).finish();
    assertEquals(
        Stream.of("retention", "barrier", "counting", "deleting", "verifying", "receipt")
            .map(state -> "proceeded {operation=offboarding, state=" + state + "}")
            .toList(),
        entries(0, 6));
    assertEquals(List.of("done {operation=offboarding, status=offboarded}"), entries(6, 7));
  }

  private List<String> entries(int from, int to) {
    var prefix = "DELETE /tenants/{id} /tenants/acme ";
    return fixture.entries.lines().subList(from, to).stream()
        .map(line -> line.replace(prefix, ""))
        .toList();
  }

  @Test
  void signsNothingWhileTheClockDiffersFromThatOfTheRegistry() {
    var acme = fixture.offboard("acme", new Placement.Silo());
    fixture.createSilo(acme);
    var instance = fixture.takeOver(acme);
    for (var state : List.of(Offboarding.RECEIPT, Offboarding.DELETING_TABLE)) {
      fixture.clockDifference.set(Optional.of(Duration.ZERO));
      while (!state(acme).equals(state)) {
        instance.step();
      }
      fixture.clockDifference.set(Optional.of(Duration.ofSeconds(61)));
      assertTrue(instance.obstacle().isPresent());
    }
    fixture.client.describeTable(table -> table.tableName(fixture.location(acme).table()));
  }
}
