package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.WriteCondition.None;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PlacementKind.class)
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class PagingTest {
  private static final List<String> COLOURS = List.of("red", "redder", "green", "blue");

  private final TableFixture fixture;
  private final TenantTable table;

  PagingTest(PlacementKind kind, LocalDynamo dynamo) throws IOException {
    fixture = new TableFixture(dynamo, kind);
    table = fixture.table;
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void returnsExactPagesForAnyQuery() {
    var random = new Random(20261124);
    var model = new TreeMap<String, Write.Put>(Comparator.reverseOrder());
    for (int i = 0; i < 40; i++) {
      put(model, random);
    }
    for (int round = 0; round < 8; round++) {
      put(model, random);
      deleteOne(model, random);
      assertPages(model, indexKeys(random), 1 + random.nextInt(12));
    }
    assertPages(model, List.of(), model.size());
    assertPages(model, List.of(), model.size() - 1);
  }

  @Test
  void writesDuringPagingNeitherRepeatNorHideItems() {
    var model = new TreeMap<String, Write.Put>(Comparator.reverseOrder());
    var random = new Random(7);
    for (int i = 0; i < 20; i++) {
      put(model, random);
    }
    var before = List.copyOf(model.keySet());
    var seen = new ArrayList<String>();
    var query = Query.all("thing", 3);
    for (var page = page(query); ; page = page(query.after(page.next().orElseThrow()))) {
      seen.addAll(ids(page));
      assertTrue(seen.size() <= model.size(), "a repeated page");
      put(model, random);
      if (page.next().isEmpty()) {
        break;
      }
    }
    seen.retainAll(before);
    assertEquals(before, seen);
  }

  @Test
  void returnsFullPagesAboveTheOneMegabyteResponseLimit() {
    var large = "\"" + "x".repeat(300_000) + "\"";
    for (int i = 10; i < 20; i++) {
      put(unconditionalPut(Item.of(new Key("thing", "id" + i), large)).withIndexKeys("red", "red"));
    }
    for (var query : List.of(Query.all("thing", 9), byColour(List.of("red"), 9))) {
      var page = page(query);
      assertEquals(9, page.items().size());
      assertEquals(Optional.of("id11"), page.next());
      assertEquals(List.of("id10"), ids(page(query.after("id11"))));
    }
  }

  @Test
  void returnsAMovingItemOnceInItsLaterVersion() {
    var item = Item.of(new Key("thing", "b"), "1");
    put(unconditionalPut(item).withIndexKeys("red", "red"));
    put(unconditionalPut(Item.of(new Key("thing", "a"), "1")).withIndexKeys("green", "green"));
    var moved = unconditionalPut(item.withVersion(2)).withIndexKeys("green", "green");
    fixture.proxy.handleWith(upstream -> {
      var reply = upstream.send();
      fixture.proxy.handleWith(FaultInjectingClient.FORWARD);
      put(moved);
      return Optional.of(reply);
    });

    var page = page(byColour(List.of("red", "green"), 9));

    assertEquals(List.of("b", "a"), ids(page));
    assertEquals(2, page.items().getFirst().version());
  }

  @Test
  void excludesCollectionsWithACommonNamePrefix() {
    for (var collection : List.of("thing", "things", "thing-2", "thin")) {
      put(
          unconditionalPut(Item.of(new Key(collection, collection), "1"))
              .withIndexKeys("red", "red"));
    }
    assertEquals(List.of("thing"), ids(page(Query.all("thing", 9))));
    assertEquals(List.of("thing"), ids(page(byColour(List.of("red"), 9))));
  }

  @Test
  void continuesAfterAnyId() {
    put(unconditionalPut(Item.of(new Key("thing", "b"), "1")).withIndexKeys("red", "red"));
    assertEquals(List.of("b"), ids(page(Query.all("thing", 9).after("never-was"))));
    assertEquals(List.of(), ids(page(Query.all("thing", 9).after("a"))));
    assertEquals(List.of("b"), ids(page(byColour(List.of("blue", "red"), 9).after("c"))));
    assertEquals(List.of(), ids(page(byColour(List.of("blue", "red"), 9).after("b"))));
  }

  private void assertPages(Map<String, Write.Put> model, List<String> colours, int limit) {
    var expected =
        model.values().stream()
            .filter(
                put -> colours.isEmpty() || colours.contains(put.indexKeys().orElseThrow().i1()))
            .map(put -> put.key().id())
            .toList();
    var query = colours.isEmpty() ? Query.all("thing", limit) : byColour(colours, limit);
    var seen = new ArrayList<String>();
    var page = page(query);
    while (page.next().isPresent()) {
      assertEquals(limit, page.items().size());
      seen.addAll(ids(page));
      assertTrue(seen.size() < expected.size(), "a repeated page");
      page = page(query.after(page.next().get()));
    }
    assertFalse(page.items().isEmpty() && !seen.isEmpty(), "an empty last page");
    assertTrue(page.items().size() <= limit);
    seen.addAll(ids(page));
    assertEquals(expected, seen, () -> colours + " with limit " + limit);
  }

  private void put(Map<String, Write.Put> model, Random random) {
    var colour = COLOURS.get(random.nextInt(COLOURS.size()));
    var id = Long.toString(1_000_000 + random.nextInt(1_000_000));
    var item = Item.of(new Key("thing", id), "\"" + id + "\"");
    var put = unconditionalPut(item).withIndexKeys(colour, "u." + colour);
    model.put(id, put);
    put(put);
  }

  private static Write.Put unconditionalPut(Item item) {
    return Write.put(item, new None());
  }

  private void put(Write.Put put) {
    fixture.as(() -> table.write(put));
  }

  private void deleteOne(Map<String, Write.Put> model, Random random) {
    var ids = List.copyOf(model.keySet());
    var id = ids.get(random.nextInt(ids.size()));
    model.remove(id);
    fixture.as(() -> table.write(Write.delete(new Key("thing", id), new None())));
  }

  private static List<String> indexKeys(Random random) {
    return COLOURS.stream().filter(_ -> random.nextInt(3) == 0).toList();
  }

  private static Query byColour(List<String> colours, int limit) {
    return Query.byIndex("thing", Index.I1, colours, limit);
  }

  private Page page(Query query) {
    return fixture.as(() -> table.query(query));
  }

  private static List<String> ids(Page page) {
    return page.items().stream().map(item -> item.key().id()).toList();
  }
}
