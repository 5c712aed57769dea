package dev.partywall.storage;

import static dev.partywall.storage.TableFixture.as;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Condition.None;
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
@EnumSource(Living.class)
@ExtendWith(LocalDynamo.Shared.class)
class PagingTest {
  private static final List<String> COLOURS = List.of("red", "redder", "green", "blue");

  private final TableFixture fixture;
  private final TenantTable table;

  PagingTest(Living living, LocalDynamo dynamo) throws IOException {
    fixture = new TableFixture(dynamo, living);
    table = fixture.table;
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void pagesAreExactWhateverIsAskedFor() {
    var random = new Random(20261124);
    var model = new TreeMap<String, Write.Put>(Comparator.reverseOrder());
    for (int i = 0; i < 60; i++) {
      put(model, random);
    }
    for (int round = 0; round < 12; round++) {
      put(model, random);
      deleteOne(model, random);
      walk(model, labels(random), 1 + random.nextInt(12));
    }
    walk(model, List.of(), model.size());
    walk(model, List.of(), model.size() - 1);
  }

  @Test
  void whatIsAddedWhilePagingNeitherRepeatsNorHidesAnything() {
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
      assertTrue(seen.size() <= model.size(), "a page that came before");
      put(model, random);
      if (page.next().isEmpty()) {
        break;
      }
    }
    seen.retainAll(before);
    assertEquals(before, seen);
  }

  @Test
  void aPageIsWholeAlsoWhereDynamoDbAnswersOneMegabyteAtATime() {
    var large = "\"" + "x".repeat(300_000) + "\"";
    for (int i = 10; i < 20; i++) {
      put(putting(Item.of(new Key("thing", "id" + i), large)).labelled("red", "red"));
    }
    for (var query : List.of(Query.all("thing", 9), labelled(List.of("red"), 9))) {
      var page = page(query);
      assertEquals(9, page.items().size());
      assertEquals(Optional.of("id11"), page.next());
      assertEquals(List.of("id10"), ids(page(query.after("id11"))));
    }
  }

  @Test
  void anItemThatMovesOnMeanwhileIsSeenOnceInItsLaterVersion() {
    var item = Item.of(new Key("thing", "b"), "1");
    put(putting(item).labelled("red", "red"));
    put(putting(Item.of(new Key("thing", "a"), "1")).labelled("green", "green"));
    var moved = putting(item.withVersion(2)).labelled("green", "green");
    fixture.between.let(way -> {
      var answer = way.send();
      fixture.between.let(Between.THROUGH);
      put(moved);
      return Optional.of(answer);
    });

    var page = page(labelled(List.of("red", "green"), 9));

    assertEquals(List.of("b", "a"), ids(page));
    assertEquals(2, page.items().getFirst().version());
  }

  @Test
  void aCollectionHasNothingOfOneWhoseNameBeginsAlike() {
    for (var collection : List.of("thing", "things", "thing-2", "thin")) {
      put(putting(Item.of(new Key(collection, collection), "1")).labelled("red", "red"));
    }
    assertEquals(List.of("thing"), ids(page(Query.all("thing", 9))));
    assertEquals(List.of("thing"), ids(page(labelled(List.of("red"), 9))));
  }

  @Test
  void anyPlaceWillDoToGoOnFrom() {
    put(putting(Item.of(new Key("thing", "b"), "1")).labelled("red", "red"));
    assertEquals(List.of("b"), ids(page(Query.all("thing", 9).after("never-was"))));
    assertEquals(List.of(), ids(page(Query.all("thing", 9).after("a"))));
    assertEquals(List.of("b"), ids(page(labelled(List.of("blue", "red"), 9).after("c"))));
    assertEquals(List.of(), ids(page(labelled(List.of("blue", "red"), 9).after("b"))));
  }

  private void walk(Map<String, Write.Put> model, List<String> labels, int limit) {
    var expected =
        model.values().stream()
            .filter(it -> labels.isEmpty() || labels.contains(it.labels().orElseThrow().first()))
            .map(it -> it.key().id())
            .toList();
    var query = labels.isEmpty() ? Query.all("thing", limit) : labelled(labels, limit);
    var seen = new ArrayList<String>();
    var page = page(query);
    while (page.next().isPresent()) {
      assertEquals(limit, page.items().size());
      seen.addAll(ids(page));
      assertTrue(seen.size() < expected.size(), "a page that came before");
      page = page(query.after(page.next().get()));
    }
    assertFalse(page.items().isEmpty() && !seen.isEmpty(), "an empty last page");
    assertTrue(page.items().size() <= limit);
    seen.addAll(ids(page));
    assertEquals(expected, seen, () -> labels + " by " + limit);
  }

  private void put(Map<String, Write.Put> model, Random random) {
    var colour = COLOURS.get(random.nextInt(COLOURS.size()));
    var id = Long.toString(1_000_000 + random.nextInt(1_000_000));
    var item = Item.of(new Key("thing", id), "\"" + id + "\"");
    var put = putting(item).labelled(colour, "u." + colour);
    model.put(id, put);
    put(put);
  }

  private static Write.Put putting(Item item) {
    return Write.put(item, new None());
  }

  private void put(Write.Put put) {
    as(() -> table.write(put));
  }

  private void deleteOne(Map<String, Write.Put> model, Random random) {
    var ids = List.copyOf(model.keySet());
    var id = ids.get(random.nextInt(ids.size()));
    model.remove(id);
    as(() -> table.write(Write.delete(new Key("thing", id), new None())));
  }

  private static List<String> labels(Random random) {
    return COLOURS.stream().filter(_ -> random.nextInt(3) == 0).toList();
  }

  private static Query labelled(List<String> labels, int limit) {
    return Query.labelled("thing", Index.FIRST, labels, limit);
  }

  private Page page(Query query) {
    return as(() -> table.query(query));
  }

  private static List<String> ids(Page page) {
    return page.items().stream().map(item -> item.key().id()).toList();
  }
}
