package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.StrictJson;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A copy of a table in the engine, which receives each change later than the table. Reads of one
 * delayed index are sent to it, so keys, filters and pages work as in the engine. Calls must not be
 * concurrent.
 */
final class IndexCopy {
  private static final String TABLE = "TableName";

  private final EngineClient engine;
  private final String name;
  private final Deque<Change> changes = new ArrayDeque<>();

  /**
   * A change of an item.
   *
   * @param at nanoseconds of a monotonic clock
   * @param item empty if the item does not exist
   */
  record Change(long at, ObjectNode key, Optional<JsonNode> item) {}

  private IndexCopy(EngineClient engine, String name) {
    this.engine = engine;
    this.name = name;
  }

  /** Copies a table with its items. */
  static IndexCopy of(EngineClient engine, String table, String index) {
    var copy = new IndexCopy(engine, table + "." + index + ".delayed");
    copy.create(table);
    return copy;
  }

  String name() {
    return name;
  }

  void add(Change change) {
    changes.add(change);
  }

  /** Applies the changes up to a time. */
  void applyUntil(long time) {
    for (var next = changes.peek(); next != null && next.at() - time <= 0; next = changes.peek()) {
      apply(changes.remove());
    }
  }

  private void apply(Change change) {
    var request = StrictJson.newObject().put(TABLE, name);
    if (change.item().isPresent()) {
      call("PutItem", request.set("Item", change.item().get()));
    } else {
      call("DeleteItem", request.set("Key", change.key()));
    }
  }

  /** Deletes the copy. */
  void delete() {
    engine.call("DeleteTable", StrictJson.bytes(StrictJson.newObject().put(TABLE, name)));
  }

  private void create(String table) {
    var described = call("DescribeTable", StrictJson.newObject().put(TABLE, table)).path("Table");
    var request = StrictJson.newObject().put(TABLE, name).put("BillingMode", "PAY_PER_REQUEST");
    request.set("KeySchema", described.path("KeySchema"));
    request.set("AttributeDefinitions", described.path("AttributeDefinitions"));
    var indexes = request.putArray("GlobalSecondaryIndexes");
    for (var index : described.path("GlobalSecondaryIndexes")) {
      var copied = indexes.addObject();
      for (var member : new String[] {"IndexName", "KeySchema", "Projection"}) {
        copied.set(member, index.path(member));
      }
    }
    call("CreateTable", request);
    copyItems(table);
  }

  private void copyItems(String table) {
    var scan = StrictJson.newObject().put(TABLE, table).put("ConsistentRead", true);
    JsonNode next;
    do {
      var page = call("Scan", scan);
      page.path("Items")
          .forEach(
              item -> call("PutItem", StrictJson.newObject().put(TABLE, name).set("Item", item)));
      next = page.path("LastEvaluatedKey");
      scan.set("ExclusiveStartKey", next);
    } while (!next.isMissingNode());
  }

  /** Makes a call that the engine must accept. */
  private ObjectNode call(String operation, JsonNode request) {
    var response = engine.call(operation, StrictJson.bytes(request));
    if (response.status() != 200) {
      throw AwsFault.validation("The copy of a delayed index failed at " + operation);
    }
    return EngineClient.json(response);
  }
}
