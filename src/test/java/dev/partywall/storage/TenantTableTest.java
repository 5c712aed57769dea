package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.WriteCondition.Absent;
import dev.partywall.storage.WriteCondition.None;
import dev.partywall.storage.WriteCondition.VersionIs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PlacementKind.class)
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class TenantTableTest {
  private static final Key KEY = new Key("thing", "one");
  private static final Item ITEM = Item.of(KEY, "{\"is\":1}");
  private static final Outcome WRITTEN = new Outcome.Written();

  private final TableFixture fixture;
  private final TenantTable table;

  TenantTableTest(PlacementKind kind, LocalDynamo dynamo) throws IOException {
    fixture = new TableFixture(dynamo, kind);
    table = fixture.table;
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void returnsTheItemThatWasPut() {
    var item =
        new Item(
            KEY,
            7,
            "{\"name\":\"Zoë \\u0000 \uD83D\uDE00\"}",
            Optional.of(Instant.parse("2026-12-24T00:00:00Z")));
    fixture.as(() -> table.write(Write.put(item, new None())));

    assertEquals(Optional.of(item), fixture.as(() -> table.get(KEY)));
    assertEquals(Optional.empty(), fixture.as(() -> table.get(new Key("thing", "on"))));
    assertEquals(Optional.empty(), fixture.as(() -> table.get(new Key("thin", "one"))));
  }

  @Test
  void appliesAWriteOnlyIfItsConditionIsMet() {
    assertEquals(failed(null), write(Write.put(ITEM, new VersionIs(1))));
    assertEquals(failed(null), write(Write.delete(KEY, new VersionIs(1))));
    assertEquals(WRITTEN, write(Write.put(ITEM, new Absent())));
    assertEquals(failed(ITEM), write(Write.put(ITEM.withVersion(2), new Absent())));
    assertEquals(failed(ITEM), write(Write.put(ITEM.withVersion(3), new VersionIs(2))));
    assertEquals(WRITTEN, write(Write.put(ITEM.withVersion(2), new VersionIs(1))));
    assertEquals(failed(ITEM.withVersion(2)), write(Write.delete(KEY, new VersionIs(1))));
    assertEquals(WRITTEN, write(Write.delete(KEY, new VersionIs(2))));
    assertEquals(WRITTEN, write(Write.delete(KEY, new Absent())));
    assertEquals(Optional.empty(), fixture.as(() -> table.get(KEY)));
  }

  @Test
  void treatsExpiredItemsAsAbsent() {
    var item = ITEM.withExpiry(Instant.parse("2026-11-24T09:00:59Z"));
    write(Write.put(item, new Absent()).withIndexKeys("red", "u.red"));
    assertEquals(1, allItems(List.of("red")).size());
    assertEquals(failed(item), write(Write.put(item, new Absent())));

    fixture.clock.advance(Duration.ofSeconds(60));

    assertEquals(Optional.empty(), fixture.as(() -> table.get(KEY)));
    assertEquals(List.of(), allItems(List.of()));
    assertEquals(List.of(), allItems(List.of("red")));
    assertEquals(0, failedIndex(write(Write.put(item, new VersionIs(1)))));
    assertEquals(WRITTEN, write(Write.put(ITEM, new Absent())));
  }

  @Test
  void appliesAllWritesOfATransactionOrNone() {
    var other = Item.of(new Key("other", "two"), "{}");
    write(Write.put(ITEM, new None()));
    var second = Write.put(ITEM.withVersion(2), new Absent());

    var failed = fixture.as(() -> table.transact(List.of(Write.put(other, new Absent()), second)));

    assertEquals(new Outcome.ConditionFailed(1, Optional.of(ITEM)), failed);
    assertEquals(Optional.empty(), fixture.as(() -> table.get(other.key())));
    var both = List.of(Write.put(other, new Absent()), Write.delete(KEY, new VersionIs(1)));
    assertEquals(WRITTEN, fixture.as(() -> table.transact(both)));
    assertEquals(Optional.of(other), fixture.as(() -> table.get(other.key())));
    assertEquals(Optional.empty(), fixture.as(() -> table.get(KEY)));
  }

  @Test
  void appliesExactlyOneOfConcurrentConditionalPuts() throws Exception {
    var outcomes = new ArrayList<Outcome>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Outcome> put = () -> write(Write.put(ITEM, new Absent()));
      for (var future : threads.invokeAll(Collections.nCopies(32, put))) {
        outcomes.add(future.get());
      }
    }
    assertEquals(1, outcomes.stream().filter(WRITTEN::equals).count());
    assertEquals(31, outcomes.stream().filter(failed(ITEM)::equals).count());
  }

  @Test
  void returnsOnlyTheBoundTenantsItems() {
    for (var tenant : TableFixture.TENANTS) {
      var put = Write.put(Item.of(KEY, tenant.value()), new Absent()).withIndexKeys("red", "red");
      assertEquals(WRITTEN, fixture.as(tenant, () -> table.write(put)));
    }
    for (var tenant : TableFixture.TENANTS) {
      assertEquals(
          tenant.value(), fixture.as(tenant, () -> table.get(KEY)).orElseThrow().document());
      for (var query : List.of(Query.all("thing", 9), red(Index.I1), red(Index.I2))) {
        var found = fixture.as(tenant, () -> table.query(query)).items();
        assertEquals(List.of(tenant.value()), found.stream().map(Item::document).toList());
      }
    }
  }

  @Test
  void sendsNothingWhenNoTenantIsBound() {
    var before = fixture.proxy.calls();
    var write = Write.put(ITEM, new None());
    assertThrows(IllegalStateException.class, () -> table.get(KEY));
    assertThrows(IllegalStateException.class, () -> table.query(Query.all("thing", 1)));
    assertThrows(IllegalStateException.class, () -> table.write(write));
    assertThrows(
        IllegalStateException.class,
        () ->
            new CountedWrites(fixture.client, fixture.placements.locations())
                .count("m", Instant.EPOCH));
    assertEquals(before, fixture.proxy.calls());
  }

  private static Query red(Index index) {
    return Query.byIndex("thing", index, List.of("red"), 9);
  }

  private Outcome write(Write write) {
    return fixture.as(() -> table.write(write));
  }

  private List<Item> allItems(List<String> indexKeys) {
    var query =
        indexKeys.isEmpty()
            ? Query.all("thing", 9)
            : Query.byIndex("thing", Index.I1, indexKeys, 9);
    return fixture.as(() -> table.query(query)).items();
  }

  private static Outcome failed(@Nullable Item current) {
    return new Outcome.ConditionFailed(0, Optional.ofNullable(current));
  }

  private static int failedIndex(Outcome outcome) {
    return outcome instanceof Outcome.ConditionFailed(int index, _) ? index : -1;
  }

  @Test
  void writesOnlyDeclaredCollections() {
    var declared = new TenantTable(() -> fixture.connection, "order"::equals);
    var order = Write.put(Item.of(new Key("order", "1"), "{}"), new WriteCondition.Absent());
    var note = Write.put(Item.of(new Key("note", "1"), "{}"), new WriteCondition.Absent());

    var failure =
        assertThrows(
            IllegalStateException.class,
            () -> fixture.as(() -> declared.transact(List.of(order, note))));

    assertEquals("the collection is not declared: note", failure.getMessage());
    assertEquals(Optional.empty(), fixture.as(() -> declared.get(order.key())));
    assertEquals(new Outcome.Written(), fixture.as(() -> declared.write(order)));
  }
}
