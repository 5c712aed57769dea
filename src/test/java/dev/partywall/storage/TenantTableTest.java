package dev.partywall.storage;

import static dev.partywall.storage.TableFixture.as;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Condition.Absent;
import dev.partywall.storage.Condition.None;
import dev.partywall.storage.Condition.VersionIs;
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
@EnumSource(Living.class)
@ExtendWith(LocalDynamo.Shared.class)
class TenantTableTest {
  private static final Key KEY = new Key("thing", "one");
  private static final Item ITEM = Item.of(KEY, "{\"is\":1}");
  private static final Outcome WRITTEN = new Outcome.Written();

  private final TableFixture fixture;
  private final TenantTable table;

  TenantTableTest(Living kind, LocalDynamo dynamo) throws IOException {
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
    as(() -> table.write(Write.put(item, new None())));

    assertEquals(Optional.of(item), as(() -> table.get(KEY)));
    assertEquals(Optional.empty(), as(() -> table.get(new Key("thing", "on"))));
    assertEquals(Optional.empty(), as(() -> table.get(new Key("thin", "one"))));
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
    assertEquals(Optional.empty(), as(() -> table.get(KEY)));
  }

  @Test
  void treatsExpiredItemsAsAbsent() {
    var item = ITEM.expiring(Instant.parse("2026-11-24T09:00:59Z"));
    write(Write.put(item, new Absent()).labelled("red", "u.red"));
    assertEquals(1, allItems(List.of("red")).size());
    assertEquals(failed(item), write(Write.put(item, new Absent())));

    fixture.clock.move(Duration.ofSeconds(60));

    assertEquals(Optional.empty(), as(() -> table.get(KEY)));
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

    var failed = as(() -> table.transact(List.of(Write.put(other, new Absent()), second)));

    assertEquals(new Outcome.Failed(1, Optional.of(ITEM)), failed);
    assertEquals(Optional.empty(), as(() -> table.get(other.key())));
    var both = List.of(Write.put(other, new Absent()), Write.delete(KEY, new VersionIs(1)));
    assertEquals(WRITTEN, as(() -> table.transact(both)));
    assertEquals(Optional.of(other), as(() -> table.get(other.key())));
    assertEquals(Optional.empty(), as(() -> table.get(KEY)));
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
      var put = Write.put(Item.of(KEY, tenant.value()), new Absent()).labelled("red", "red");
      assertEquals(WRITTEN, as(tenant, () -> table.write(put)));
    }
    for (var tenant : TableFixture.TENANTS) {
      assertEquals(tenant.value(), as(tenant, () -> table.get(KEY)).orElseThrow().document());
      for (var query : List.of(Query.all("thing", 9), red(Index.FIRST), red(Index.SECOND))) {
        var found = as(tenant, () -> table.query(query)).items();
        assertEquals(List.of(tenant.value()), found.stream().map(Item::document).toList());
      }
    }
  }

  @Test
  void sendsNothingWhenNoTenantIsBound() {
    var before = fixture.between.calls();
    var write = Write.put(ITEM, new None());
    assertThrows(IllegalStateException.class, () -> table.get(KEY));
    assertThrows(IllegalStateException.class, () -> table.query(Query.all("thing", 1)));
    assertThrows(IllegalStateException.class, () -> table.write(write));
    assertThrows(
        IllegalStateException.class,
        () -> new Marks(fixture.client, fixture.placements).count("m", Instant.EPOCH));
    assertEquals(before, fixture.between.calls());
  }

  private static Query red(Index index) {
    return Query.labelled("thing", index, List.of("red"), 9);
  }

  private Outcome write(Write write) {
    return as(() -> table.write(write));
  }

  private List<Item> allItems(List<String> indexKeys) {
    var query =
        indexKeys.isEmpty()
            ? Query.all("thing", 9)
            : Query.labelled("thing", Index.FIRST, indexKeys, 9);
    return as(() -> table.query(query)).items();
  }

  private static Outcome failed(@Nullable Item current) {
    return new Outcome.Failed(0, Optional.ofNullable(current));
  }

  private static int failedIndex(Outcome outcome) {
    return outcome instanceof Outcome.Failed(int index, _) ? index : -1;
  }
}
