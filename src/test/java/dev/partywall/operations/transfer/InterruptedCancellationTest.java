package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Key;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cancels imports in each state, and ends the owner of the cancellation at each of its writes. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class InterruptedCancellationTest {
  private static final int MAX_WRITES = 40;
  private static final List<StoredItem> FEW = ImportFixture.orders(3, "{\"a\":1}");

  private static final List<StoredItem> FORMER = ImportFixture.orders(2, "{\"b\":2}");

  /**
   * An item that appeared after the import was opened, with the key of the last one in the file.
   */
  private static final List<StoredItem> LATE =
      List.of(new StoredItem(new Key("order", "o0002"), 1, Optional.empty(), "{\"late\":true}"));

  private final ImportFixture fixture;

  InterruptedCancellationTest(LocalDynamo dynamo) {
    this.fixture = new ImportFixture(dynamo);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Operation operation(TenantId tenant) {
    return fixture.operations.find(tenant).orElseThrow();
  }

  private TenantId completing(String name) {
    var tenant = fixture.register(name, new Placement.Pool());
    fixture.open(tenant, false, false, true);
    fixture.complete(tenant, ImportFixture.file(name, FEW), 1);
    return tenant;
  }

  private ImportFixture.Instance stepUntil(TenantId tenant, String state) {
    var instance = fixture.takeOver(tenant);
    while (!operation(tenant).state().equals(state)) {
      instance.step();
    }
    return instance;
  }

  private TenantId receiving(String name) {
    var tenant = completing(name);
    var open = operation(tenant);
    assertTrue(fixture.operations.update(open, open.inState(ImportState.RECEIVING)));
    return tenant;
  }

  /** Writes a page with the first item, and finds the late item in the second page. */
  private TenantId reverting(String name) {
    var tenant = completing(name);
    var instance = stepUntil(tenant, ImportState.WRITING);
    TenantContext.run(fixture.tenant(tenant), this::writeFirstPage);
    fixture.store(tenant, LATE);
    instance.step();
    assertEquals(ImportState.REVERTING, operation(tenant).state());
    assertEquals(2, documents(tenant));
    return tenant;
  }

  private void writeFirstPage() {
    var context = fixture.context(fixture.client);
    var before = context.progress().find().orElseThrow();
    var after = before.next(Map.of(ImportPages.AFTER, "order#o0000"));
    assertTrue(context.pages(1).insert(FEW.subList(0, 1), before, after).isPresent());
  }

  private long documents(TenantId tenant) {
    return fixture.items(tenant).stream().filter(item -> item.containsKey("doc")).count();
  }

  private void cancel(TenantId tenant) {
    var before = operation(tenant);
    var steps = new ImportSteps(fixture.context(fixture.client));
    var record = fixture.registry.find(tenant).orElseThrow();
    assertTrue(fixture.operations.update(before, steps.cancelled(before, record)));
  }

  private void assertCancelled(TenantId tenant, List<StoredItem> remaining) {
    var at = tenant.value();
    assertEquals(fixture.expected(tenant, remaining), fixture.items(tenant), at);
    assertEquals(Optional.empty(), fixture.operations.find(tenant), at);
    assertEquals(Optional.empty(), fixture.registry.find(tenant).orElseThrow().operation(), at);
    var result = fixture.operations.document(tenant, ".import-result#1").orElseThrow();
    assertEquals("true", result.get("cancelled"), at);
  }

  /** Ends an owner at each write from the second one on: the first one takes the import over. */
  private void killAtEachWrite(Function<String, TenantId> begun, Consumer<TenantId> check) {
    killAtWrites(2, 1, begun, check);
  }

  private void killAtWrites(
      int first, int step, Function<String, TenantId> begun, Consumer<TenantId> check) {
    for (var write = first; killAt(write, begun.apply("kill-" + write), check); write += step) {
      assertTrue(write < MAX_WRITES, "the import does not end");
    }
  }

  private boolean killAt(int write, TenantId tenant, Consumer<TenantId> check) {
    var hook = InterruptAt.kill(write);
    try {
      fixture.takeOver(tenant, hook).finish();
    } catch (ApiException _) {
      if (fixture.operations.find(tenant).filter(ImportFixture::isRunning).isPresent()) {
        fixture.takeOver(tenant).finish();
      }
    }
    check.accept(tenant);
    return hook.isReached();
  }

  private TenantId cancelled(TenantId tenant) {
    cancel(tenant);
    return tenant;
  }

  /** The cancellations have the same writes, so each state covers a quarter of them. */
  @ParameterizedTest
  @CsvSource({
    ImportState.RECEIVING + ",2",
    ImportState.BARRIER + ",3",
    ImportState.CHECKING + ",4",
    ImportState.WRITING + ",5"
  })
  void anImportWithoutItemsCanBeCancelled(String state, int first) {
    killAtWrites(
        first,
        4,
        name -> {
          var tenant = state.equals(ImportState.RECEIVING) ? receiving(name) : completing(name);
          stepUntil(tenant, state);
          return cancelled(tenant);
        },
        tenant -> assertCancelled(tenant, List.of()));
  }

  /**
   * The switch makes the new content visible, and can be cancelled until it begins. Each state
   * covers a third of the writes.
   */
  @ParameterizedTest
  @CsvSource({
    ImportState.CHECKING + ",2",
    ImportState.WRITING + ",3",
    ImportState.VERIFYING + ",4"
  })
  void aReplacementCanBeCancelledBeforeTheSwitch(String state, int first) {
    killAtWrites(
        first,
        3,
        name -> {
          var tenant = replacing(name + state);
          stepUntil(tenant, state);
          return cancelled(tenant);
        },
        tenant -> assertCancelled(tenant, FORMER));
  }

  private TenantId replacing(String name) {
    var tenant = fixture.register(name, new Placement.ShardedPool(2));
    fixture.store(tenant, FORMER);
    fixture.open(tenant, false, true, false);
    fixture.complete(tenant, ImportFixture.file(name, FEW), 1);
    return tenant;
  }

  @Test
  void anImportThatRevertsCanBeCancelled() {
    killAtEachWrite(name -> cancelled(reverting(name)), tenant -> assertCancelled(tenant, LATE));
  }

  @Test
  void anotherOwnerContinuesTheReversionAfterAnyWrite() {
    killAtEachWrite(
        this::reverting,
        tenant -> {
          var failed = operation(tenant);
          assertEquals(ImportState.RECEIVING, failed.state());
          assertEquals("tenant-not-empty", ImportState.failureType(failed));
          assertEquals(1, documents(tenant));
          assertTrue(fixture.items(tenant).containsAll(fixture.expected(tenant, LATE)));
          assertEquals(3, fixture.items(tenant).size(), "the late item, a part and its chunk");
        });
  }

  @Test
  void anotherOwnerContinuesTheExpiryAfterAnyWrite() {
    killAtEachWrite(
        name -> {
          var tenant = receiving(name);
          fixture.clock.advance(Duration.ofHours(24));
          return tenant;
        },
        tenant -> assertCancelled(tenant, List.of()));
  }
}
