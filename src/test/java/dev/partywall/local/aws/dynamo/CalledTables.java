package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The tables of a call, and the items that it may write. */
final class CalledTables {
  private static final String TABLE = "TableName";

  private CalledTables() {}

  /**
   * A possible write.
   *
   * @param attributes the item or its key
   */
  record WrittenItem(String table, JsonNode attributes) {}

  /** Returns the names of the tables. PartiQL statements have none here. */
  static Set<String> of(String operation, ObjectNode body) {
    var tables = new TreeSet<String>();
    switch (operation) {
      case "BatchGetItem", "BatchWriteItem" ->
          body.path("RequestItems").fieldNames().forEachRemaining(tables::add);
      case "TransactGetItems", "TransactWriteItems" ->
          body.path("TransactItems")
              .forEach(item -> item.forEach(call -> tables.add(call.path(TABLE).asText())));
      default -> tables.add(body.path(TABLE).asText());
    }
    return tables;
  }

  /** Returns the items that a call may write. PartiQL statements have none here. */
  static List<WrittenItem> writtenItems(String operation, ObjectNode body) {
    return switch (operation) {
      case "PutItem", "UpdateItem", "DeleteItem" -> List.of(writtenItem(body));
      case "TransactWriteItems" -> transaction(body);
      case "BatchWriteItem" -> batch(body);
      default -> List.of();
    };
  }

  private static List<WrittenItem> transaction(ObjectNode body) {
    var items = new ArrayList<WrittenItem>();
    body.path("TransactItems").forEach(item -> item.forEach(call -> items.add(writtenItem(call))));
    return items;
  }

  private static List<WrittenItem> batch(ObjectNode body) {
    var items = new ArrayList<WrittenItem>();
    for (var table : body.path("RequestItems").properties()) {
      table
          .getValue()
          .forEach(write ->
              write.forEach(call -> items.add(new WrittenItem(table.getKey(), attributes(call)))));
    }
    return items;
  }

  private static WrittenItem writtenItem(JsonNode call) {
    return new WrittenItem(call.path(TABLE).asText(), attributes(call));
  }

  private static JsonNode attributes(JsonNode call) {
    return call.has("Item") ? call.path("Item") : call.path("Key");
  }
}
