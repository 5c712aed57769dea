package dev.partywall.operations.offboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.offboarding.InterruptedWrites.EndAfterPause;
import dev.partywall.operations.offboarding.InterruptedWrites.EndBefore;
import dev.partywall.operations.offboarding.InterruptedWrites.EndOfOwner;
import dev.partywall.operations.offboarding.InterruptedWrites.PauseBefore;
import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Ends the owner of an offboarding before and after its writes. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class EndedOwnerTest {
  private static final int ORDERS = 4;

  /**
   * The number of the write to a table that writes the fence: without marks, no hour is counted.
   */
  private static final int FENCE = 1;

  /** So many that the items need two pages. */
  private static final int MANY_ORDERS = 100;

  private final OffboardingFixture fixture;

  EndedOwnerTest(LocalDynamo dynamo) {
    this.fixture = new OffboardingFixture(dynamo);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private TenantId tenant(String name, int orders) {
    var tenant = fixture.offboard(name, new Placement.Pool());
    fixture.store(tenant, orders, 0, 0, 0);
    return tenant;
  }

  /** DynamoDB deletes the fence a day later. It contains no count. */
  @Test
  void aFenceOfAnOwnerThatEndsRightAfterALateWriteExpires() {
    var tenant = tenant("late-fence", ORDERS);
    var dying = new EndAfterPause(FENCE);
    var former = fixture.takeOverWithHookedTables(tenant, dying);
    var running = CompletableFuture.runAsync(former::finish, Thread::startVirtualThread);
    assertTrue(dying.await(running));
    fixture.takeOver(tenant).finish();
    assertEquals(List.of(), fixture.items(tenant));
    dying.release();
    assertThrows(CompletionException.class, running::join);
    assertEquals(1, fixture.items(tenant).size());
    var fence = progress(tenant);
    assertEquals(
        OffboardingFixture.NOW.plus(Duration.ofDays(1)).getEpochSecond(),
        Attributes.requiredNumber(fence, "ttl"));
    assertEquals(AttributeValue.fromM(Map.of()), fence.get("val"));
  }

  /** Returns the only progress of an operation on a tenant. */
  private Map<String, AttributeValue> progress(TenantId tenant) {
    var found =
        fixture.items(tenant).stream()
            .filter(item -> Attributes.requiredText(item, "sk").equals(".operation"))
            .toList();
    assertEquals(1, found.size());
    return found.getFirst();
  }

  /** By a clock that is slow, DynamoDB would delete the fence before the first page. */
  @ParameterizedTest
  @ValueSource(strings = {"-P2D", "P2D"})
  void aFenceExpiresByTheTimeOfTheRegistry(Duration ahead) {
    var tenant = tenant("wrong-clock", ORDERS);
    fixture.clock.advance(ahead);
    fixture.clockDifference.set(Optional.of(ahead));
    var dying = fixture.takeOverWithHookedTables(tenant, new EndBefore(FENCE + 1));
    assertThrows(EndOfOwner.class, dying::finish);
    assertEquals(
        OffboardingFixture.NOW.plus(Duration.ofDays(1)).getEpochSecond(),
        Attributes.requiredNumber(progress(tenant), "ttl"));
  }

  /** A page contains counts, which must not expire. */
  @Test
  void theFirstPageEndsTheExpiryOfTheFence() {
    var tenant = tenant("page", MANY_ORDERS);
    var pause = new PauseBefore(FENCE + 2);
    var running =
        CompletableFuture.runAsync(
            fixture.takeOverWithHookedTables(tenant, pause)::finish, Thread::startVirtualThread);
    assertTrue(pause.await(running));
    assertFalse(progress(tenant).containsKey("ttl"));
    pause.release();
    running.join();
    assertEquals(List.of(), fixture.items(tenant));
  }

  @Test
  void aSecondPassKeepsCountsAndHashWhereverItsOwnerEnds() {
    for (var write = 1; endInSecondPass("second-" + write, write); write++) {
      assertTrue(write < 30, "the offboarding does not end");
    }
  }

  /**
   * An item appears after the first pass. Its key follows those of the first pass, so the expected
   * hash is that of one pass. Returns whether the second pass has so many writes.
   */
  private boolean endInSecondPass(String name, int write) {
    var tenant = fixture.offboard(name, new Placement.Pool());
    fixture.store(tenant, ORDERS, 0, 0, 0);
    var first = fixture.takeOver(tenant);
    while (!fixture.operations.find(tenant).orElseThrow().state().equals(Offboarding.VERIFYING)) {
      first.step();
    }
    fixture.seeding.putItem(put ->
        put.tableName(fixture.locations.pool())
            .item(
                Map.of(
                    "pk", AttributeValue.fromS(tenant.value()),
                    "sk", AttributeValue.fromS("order#o-%07d".formatted(ORDERS)))));
    var reached = endAt(tenant, write);
    assertEquals(List.of(), fixture.items(tenant), name);
    assertEquals(
        tenant
            + " [DeletedTable[name="
            + fixture.locations.pool()
            + ", collections={order=5}, expiring=0]] "
            + KeyHash.of(fixture, tenant, ORDERS + 1, 0, 0)
            + " 6",
        fixture.receipt(tenant).orElseThrow(),
        name);
    return reached;
  }

  /** Ends an owner before that write, and lets another one finish. Returns whether it ended. */
  private boolean endAt(TenantId tenant, int write) {
    var dying = new EndBefore(write);
    try {
      fixture.takeOver(tenant, dying).finish();
      return false;
    } catch (EndOfOwner _) {
      fixture.takeOver(tenant).finish();
      return true;
    }
  }

  /** Ends the owner right after the write that begins a state, before it can write an entry. */
  @ParameterizedTest
  @ValueSource(strings = {"barrier", "counting", "deleting", "verifying", "receipt", "ended"})
  void everyStateAndTheEndAreAuditedIfTheOwnerEndsAfterItsWrite(String state) {
    var tenant = tenant("audited", 1);
    var dying =
        fixture.takeOver(
            tenant,
            call -> {
              var result = call.get();
              if (state(tenant).equals(state)) {
                throw new EndOfOwner();
              }
              return result;
            });
    assertThrows(EndOfOwner.class, dying::finish);
    if (!state.equals("ended")) {
      fixture.takeOver(tenant).finish();
    }
    var lines = fixture.entries.lines();
    for (var result :
        List.of(
            "state=barrier",
            "state=counting",
            "state=deleting",
            "state=verifying",
            "state=receipt",
            "status=offboarded")) {
      assertTrue(lines.stream().anyMatch(line -> line.contains(result)), result);
    }
  }

  private String state(TenantId tenant) {
    return fixture.operations.find(tenant).map(Operation::state).orElse("ended");
  }
}
