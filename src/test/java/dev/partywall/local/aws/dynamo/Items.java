package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.iam.Context;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Determines the permissions for calls on single items: alone, in batches and in transactions. */
final class Items {
  private static final Set<String> READS = Set.of("GetItem", "BatchGetItem");

  private final Tables tables;

  Items(Tables tables) {
    this.tables = tables;
  }

  /**
   * Returns the permission for GetItem, PutItem, UpdateItem, DeleteItem, or ConditionCheckItem of a
   * transaction.
   */
  Access item(String action, ObjectNode node) {
    var table = tables.named(Members.known(node));
    var item = Members.map(node.path(action.equals("PutItem") ? "Item" : "Key"));
    var context =
        READS.contains(action)
            ? Facts.reading(node, table, Optional.empty())
            : Facts.writing(node, table);
    return table.access(action, Optional.empty(), context.and(leading(table, List.of(item))));
  }

  /** Returns one permission per table, with all its keys as a set. */
  List<Access> batchGet(ObjectNode body) {
    var accesses = new ArrayList<Access>();
    for (var entry : tables.keyed(body, "RequestItems").entrySet()) {
      var node = Members.known(entry.getValue());
      var table = tables.table(entry.getKey());
      var keys = new ArrayList<ObjectNode>();
      Members.list(node.path("Keys")).forEach(key -> keys.add(Members.map(key)));
      var context = Facts.reading(node, table, Optional.empty()).and(leading(table, keys));
      accesses.add(
          table.access("BatchGetItem", Optional.empty(), context.and(attributes(context, keys))));
    }
    return accesses;
  }

  /** Returns one BatchWriteItem permission per table, for puts and deletes alike. */
  List<Access> batchWrite(ObjectNode body) {
    var accesses = new ArrayList<Access>();
    for (var entry : tables.keyed(body, "RequestItems").entrySet()) {
      var table = tables.table(entry.getKey());
      var items = new ArrayList<ObjectNode>();
      for (var write : Members.list(entry.getValue())) {
        for (var kind : Members.known(write).properties()) {
          items.add(writtenItem(kind.getKey(), Members.known(kind.getValue())));
        }
      }
      var context = leading(table, items);
      accesses.add(
          table.access(
              "BatchWriteItem", Optional.empty(), context.and(attributes(context, items))));
    }
    return accesses;
  }

  private static ObjectNode writtenItem(String kind, ObjectNode request) {
    return Members.map(request.path(kind.equals("PutRequest") ? "Item" : "Key"));
  }

  private static Context attributes(Context context, List<ObjectNode> items) {
    var names = new LinkedHashSet<>(context.get("dynamodb:Attributes"));
    items.forEach(item -> item.fieldNames().forEachRemaining(names::add));
    return Context.EMPTY.with("dynamodb:Attributes", names);
  }

  private static Context leading(Table table, List<ObjectNode> items) {
    if (table.schema().isEmpty()) {
      return Context.EMPTY;
    }
    var partition = table.schema().get().keys().partition();
    return Facts.leading(
        items.stream().map(item -> KeyValue.text(item.path(partition))).distinct().toList());
  }
}
