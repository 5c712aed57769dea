package dev.partywall.storage.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.Faults;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.IdempotentWrites;
import dev.partywall.storage.IdempotentWrites.EntityType;
import dev.partywall.storage.IdempotentWrites.RequestId;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Meters;
import dev.partywall.storage.PlacementKind;
import dev.partywall.storage.Query;
import dev.partywall.storage.TableFixture;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ContentReaderTest {
  private static final TenantId GLOBEX = new TenantId("globex");

  private final LocalDynamo dynamo;
  private final CountingPace pace = new CountingPace();

  ContentReaderTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
  }

  /**
   * Each public way to write an item. An item that no export contains is a mark, or has an expiry.
   */
  @ParameterizedTest
  @EnumSource(PlacementKind.class)
  void findsEveryItemExceptMarksAndExpiringOnes(PlacementKind kind) throws IOException {
    try (var tables = new TableFixture(dynamo, kind)) {
      tables.as(() -> {
        writeInEachWay(tables);
        return true;
      });
      tables.as(GLOBEX, () -> tables.table.write(put(Item.of(new Key("order", "1"), "{}"))));

      var read = readAll(tables);

      assertEquals(
          List.of(
              "note 1 1 - {\"idempotent\":1}",
              "order 1 1 open,u-1 {\"indexed\":1}",
              "order 2 2 - {\"replaced\":1}",
              "order 3 7 - {\"counted\":1}",
              "order 4 1 open,u-2 {\"both\":1}",
              "order-line 1 1 - {\"transaction\":1}",
              "orders 1 1 - {\"transaction\":2}"),
          read);
      assertEquals(List.of(".mark#", "idempotency#", "order#5"), keysOutside(tables, read));
    }
  }

  private static void writeInEachWay(TableFixture tables) {
    var table = tables.table;
    table.write(
        put(Item.of(new Key("order", "1"), "{\"indexed\":1}")).withIndexKeys("open", "u-1"));
    var second = Item.of(new Key("order", "2"), "{\"first\":1}");
    table.write(put(second));
    table.change(
        second.key(),
        before -> Write.replace(before, Item.of(second.key(), "{\"replaced\":1}").withVersion(2)));
    var meter = new Meters().declare("thingsPlaced");
    table.write(
        put(Item.of(new Key("order", "3"), "{\"counted\":1}").withVersion(7)).countedBy(meter));
    table.write(
        put(Item.of(new Key("order", "4"), "{\"both\":1}"))
            .countedBy(meter)
            .withIndexKeys("open", "u-2"));
    table.write(
        put(
            Item.of(new Key("order", "5"), "{}")
                .withExpiry(tables.clock.instant().plusSeconds(9))));
    table.write(put(Item.of(new Key("order", "6"), "{}")));
    table.write(Write.delete(new Key("order", "6"), new WriteCondition.None()));
    table.transact(
        List.of(
            put(Item.of(new Key("orders", "1"), "{\"transaction\":2}")),
            put(Item.of(new Key("order-line", "1"), "{\"transaction\":1}"))));
    var writes =
        new IdempotentWrites<>(
            table,
            tables.clock,
            new EntityType<>(
                "note",
                (Item item) -> Write.put(item, new WriteCondition.Absent()),
                text -> Item.of(new Key("note", "1"), text)));
    writes.create(
        Optional.of(new RequestId("name", "print")),
        new Faults(),
        () -> Item.of(new Key("note", "1"), "{\"idempotent\":1}"));
  }

  private static Write.Put put(Item item) {
    return Write.put(item, new WriteCondition.None());
  }

  private List<String> readAll(TableFixture tables) {
    return tables.as(() -> {
      var reader = reader(tables);
      var lines = new ArrayList<String>();
      for (var item = reader.next(); item != null; item = reader.next()) {
        lines.add(
            String.join(
                " ",
                item.key().collection(),
                item.key().id(),
                Long.toString(item.version()),
                item.labels().map(keys -> keys.i1() + "," + keys.i2()).orElse("-"),
                item.document()));
      }
      return lines;
    });
  }

  private ContentReader reader(TableFixture tables) {
    return new ContentReader(tables.client, tables.placements.locationOf(TableFixture.ACME), pace);
  }

  /** Returns the sort keys of all other items, or the part before the id. */
  private static List<String> keysOutside(TableFixture tables, List<String> read) {
    var prefix = tables.placements.locationOf(TableFixture.ACME).sortKeyPrefix();
    var keys = new TreeSet<String>();
    for (var item : stored(tables)) {
      var sortKey = Attributes.requiredText(item, "sk");
      assertTrue(sortKey.startsWith(".") || sortKey.startsWith(prefix), sortKey);
      var key = sortKey.startsWith(prefix) ? sortKey.substring(prefix.length()) : sortKey;
      var line = key.replace('#', ' ') + " ";
      if (read.stream().noneMatch(exported -> exported.startsWith(line))) {
        keys.add(key.equals("order#5") ? key : key.substring(0, key.indexOf('#') + 1));
      }
    }
    return List.copyOf(keys);
  }

  private static List<Map<String, AttributeValue>> stored(TableFixture tables) {
    var location = tables.placements.locationOf(TableFixture.ACME);
    var items = new ArrayList<Map<String, AttributeValue>>();
    for (var key : location.partitionKeys()) {
      items.addAll(
          tables
              .client
              .query(query ->
                  query
                      .tableName(location.table())
                      .keyConditionExpression("pk = :pk")
                      .expressionAttributeValues(Map.of(":pk", Attributes.text(key))))
              .items());
    }
    return items;
  }

  /** An import writes the next revision beside the tenant's own, or deletes the former one. */
  @ParameterizedTest
  @EnumSource(PlacementKind.class)
  void readsOneRevision(PlacementKind kind) throws IOException {
    try (var tables = new TableFixture(dynamo, kind)) {
      var location = tables.placements.locationOf(TableFixture.ACME);
      tables.as(() -> tables.table.write(put(Item.of(new Key("order", "1"), "{\"own\":1}"))));
      for (var other : List.of(1, 2, 11, 13, 120)) {
        if (other != location.contentRevision()) {
          var attributes =
              Attributes.of(
                  location.withContentRevision(other),
                  Item.of(new Key("order", "1"), "{\"other\":1}"),
                  Optional.empty());
          tables.client.putItem(put -> put.tableName(location.table()).item(attributes));
        }
      }

      assertEquals(List.of("order 1 1 - {\"own\":1}"), readAll(tables));
      assertEquals(
          List.of(Item.of(new Key("order", "1"), "{\"own\":1}")),
          tables.as(() -> tables.table.query(Query.all("order", 9)).items()));
    }
  }

  @Test
  void readsPagesInTheOrderOfTheKeysAcrossPartitions() throws IOException {
    try (var tables = new TableFixture(dynamo, PlacementKind.SHARDED)) {
      var expected = new TreeSet<String>();
      for (var page = 0; page < 14; page++) {
        var ids = IntStream.range(50 * page, 50 * page + 50).mapToObj(Integer::toString).toList();
        ids.forEach(id -> expected.add("order " + id + " 1 - {}"));
        var writes = ids.stream().map(id -> put(Item.of(new Key("order", id), "{}"))).toList();
        tables.as(() -> tables.table.transact(writes));
      }

      assertEquals(List.copyOf(expected), readAll(tables));

      assertTrue(pace.pages >= 8, "700 items are more than one page of each of 4 partitions");
    }
  }

  @Test
  void readsAFailedPageAgain() throws IOException {
    try (var tables = new TableFixture(dynamo, PlacementKind.POOL)) {
      tables.as(() -> tables.table.write(put(Item.of(new Key("order", "1"), "{}"))));
      // The client sends a request three times before it reports a failure.
      var throttled = new AtomicInteger();
      tables.proxy.handleOperationWith(
          "Query",
          upstream ->
              throttled.incrementAndGet() <= 3
                  ? FaultInjectingClient.replyWithError(
                          400, "ProvisionedThroughputExceededException")
                      .handle(upstream)
                  : Optional.of(upstream.send()));

      assertEquals(List.of("order 1 1 - {}"), readAll(tables));
      assertEquals(1, pace.failures);
    }
  }

  @Test
  void readsConsistently() throws IOException {
    var consistent = new ArrayList<Boolean>();
    var observer =
        new ExecutionInterceptor() {
          @Override
          public void beforeExecution(
              Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (context.request() instanceof QueryRequest query) {
              consistent.add(query.consistentRead());
            }
          }
        };
    try (var tables = new TableFixture(dynamo, PlacementKind.POOL);
        var client = tables.proxy.client(List.of(observer))) {
      var location = tables.placements.locationOf(TableFixture.ACME);
      var reader = new ContentReader(client, location, pace);

      assertNull(reader.next());
    }
    assertEquals(List.of(true, true), consistent);
  }

  @Test
  void rejectsAnItemOfALaterRelease() throws IOException {
    try (var tables = new TableFixture(dynamo, PlacementKind.POOL)) {
      var later = Attributes.keyAndFormat("acme", "order#1");
      later.put("v", Attributes.number(1));
      later.put("doc", Attributes.text("{}"));
      later.put("extra", Attributes.text("unknown"));
      tables.client.putItem(put ->
          put.tableName(tables.placements.locationOf(TableFixture.ACME).table()).item(later));

      assertThrows(IllegalStateException.class, () -> readAll(tables));
    }
  }

  /** The kernel writes only keys that start with a dot, so any other key is content. */
  @Test
  void rejectsAnItemWithAKeyThatSortsBeforeThoseOfTheKernel() throws IOException {
    try (var tables = new TableFixture(dynamo, PlacementKind.POOL)) {
      var foreign = Attributes.keyAndFormat("acme", "-order#1");
      foreign.put("v", Attributes.number(1));
      foreign.put("doc", Attributes.text("{}"));
      tables.client.putItem(put ->
          put.tableName(tables.placements.locationOf(TableFixture.ACME).table()).item(foreign));

      assertThrows(IllegalArgumentException.class, () -> readAll(tables));
    }
  }
}
