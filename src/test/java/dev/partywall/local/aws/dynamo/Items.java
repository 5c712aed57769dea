package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.iam.Context;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What calls touch that name single items: alone, in batches, and in transactions. */
final class Items {
  private static final Set<String> READS = Set.of("GetItem", "BatchGetItem");

  private final Tables tables;

  Items(Tables tables) {
    this.tables = tables;
  }

  /** GetItem, PutItem, UpdateItem, DeleteItem, and ConditionCheckItem of a transaction. */
  Access item(String action, ObjectNode node) {
    var table = tables.named(Members.known(node));
    var item = Members.map(node.path(action.equals("PutItem") ? "Item" : "Key"));
    var facts =
        READS.contains(action)
            ? Facts.reading(node, table, Optional.empty())
            : Facts.writing(node, table);
    return table.access(action, Optional.empty(), facts.and(leading(table, List.of(item))));
  }

  /** All the keys of a table in one question: a set. */
  List<Access> batchGet(ObjectNode body) {
    var accesses = new ArrayList<Access>();
    for (var entry : tables.keyed(body, "RequestItems").entrySet()) {
      var node = Members.known(entry.getValue());
      var table = tables.table(entry.getKey());
      var keys = new ArrayList<ObjectNode>();
      Members.list(node.path("Keys")).forEach(key -> keys.add(Members.map(key)));
      var facts = Facts.reading(node, table, Optional.empty()).and(leading(table, keys));
      accesses.add(
          table.access("BatchGetItem", Optional.empty(), facts.and(attributes(facts, keys))));
    }
    return accesses;
  }

  /** Puts and deletes alike are BatchWriteItem. */
  List<Access> batchWrite(ObjectNode body) {
    var accesses = new ArrayList<Access>();
    for (var entry : tables.keyed(body, "RequestItems").entrySet()) {
      var table = tables.table(entry.getKey());
      var items = new ArrayList<ObjectNode>();
      for (var write : Members.list(entry.getValue())) {
        for (var kind : Members.known(write).properties()) {
          items.add(written(kind.getKey(), Members.known(kind.getValue())));
        }
      }
      var facts = leading(table, items);
      accesses.add(
          table.access("BatchWriteItem", Optional.empty(), facts.and(attributes(facts, items))));
    }
    return accesses;
  }

  private static ObjectNode written(String kind, ObjectNode request) {
    return Members.map(request.path(kind.equals("PutRequest") ? "Item" : "Key"));
  }

  private static Context attributes(Context facts, List<ObjectNode> items) {
    var names = new LinkedHashSet<>(facts.get("dynamodb:Attributes"));
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
