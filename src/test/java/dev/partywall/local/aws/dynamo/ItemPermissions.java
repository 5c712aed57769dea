package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.iam.RequestContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Determines the permissions for calls on single items: alone, in batches and in transactions. */
final class ItemPermissions {
  private static final Set<String> READS = Set.of("GetItem", "BatchGetItem");

  private final EngineTables tables;

  ItemPermissions(EngineTables tables) {
    this.tables = tables;
  }

  /**
   * Returns the permission for GetItem, PutItem, UpdateItem, DeleteItem, or ConditionCheckItem of a
   * transaction.
   */
  RequiredPermission forItem(String action, ObjectNode node) {
    var table = tables.requestedTable(RequestMembers.requireKnown(node));
    var item = RequestMembers.requireMap(node.path(action.equals("PutItem") ? "Item" : "Key"));
    var context =
        READS.contains(action)
            ? RequestFacts.readKeys(node, table, Optional.empty())
            : RequestFacts.writeKeys(node, table);
    return table.permission(action, Optional.empty(), context.merge(leading(table, List.of(item))));
  }

  /** Returns one permission per table, with all its keys as a set. */
  List<RequiredPermission> forBatchGet(ObjectNode body) {
    var accesses = new ArrayList<RequiredPermission>();
    for (var entry : tables.byTableName(body, "RequestItems").entrySet()) {
      var node = RequestMembers.requireKnown(entry.getValue());
      var table = tables.table(entry.getKey());
      var keys = new ArrayList<ObjectNode>();
      RequestMembers.requireList(node.path("Keys"))
          .forEach(key -> keys.add(RequestMembers.requireMap(key)));
      var context =
          RequestFacts.readKeys(node, table, Optional.empty()).merge(leading(table, keys));
      accesses.add(
          table.permission(
              "BatchGetItem", Optional.empty(), context.merge(attributes(context, keys))));
    }
    return accesses;
  }

  /** Returns one BatchWriteItem permission per table, for puts and deletes alike. */
  List<RequiredPermission> forBatchWrite(ObjectNode body) {
    var accesses = new ArrayList<RequiredPermission>();
    for (var entry : tables.byTableName(body, "RequestItems").entrySet()) {
      var table = tables.table(entry.getKey());
      var items = new ArrayList<ObjectNode>();
      for (var write : RequestMembers.requireList(entry.getValue())) {
        for (var kind : RequestMembers.requireKnown(write).properties()) {
          items.add(writtenItem(kind.getKey(), RequestMembers.requireKnown(kind.getValue())));
        }
      }
      var context = leading(table, items);
      accesses.add(
          table.permission(
              "BatchWriteItem", Optional.empty(), context.merge(attributes(context, items))));
    }
    return accesses;
  }

  private static ObjectNode writtenItem(String kind, ObjectNode request) {
    return RequestMembers.requireMap(request.path(kind.equals("PutRequest") ? "Item" : "Key"));
  }

  private static RequestContext attributes(RequestContext context, List<ObjectNode> items) {
    var names = new LinkedHashSet<>(context.get("dynamodb:Attributes"));
    items.forEach(item -> item.fieldNames().forEachRemaining(names::add));
    return RequestContext.EMPTY.with("dynamodb:Attributes", names);
  }

  private static RequestContext leading(RequestedTable table, List<ObjectNode> items) {
    if (table.schema().isEmpty()) {
      return RequestContext.EMPTY;
    }
    var partition = table.schema().get().keys().partition();
    return RequestFacts.leadingKeys(
        items.stream().map(item -> CanonicalKeyValue.of(item.path(partition))).distinct().toList());
  }
}
