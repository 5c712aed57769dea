package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Determines the permissions that each operation requires. Unlisted operations are rejected. */
final class Operations {
  private final Items items;
  private final Queries queries;
  private final Transactions transactions;
  private final TableCalls tableCalls;
  private final Statements statements;

  Operations(Tables tables, TableCalls tableCalls) {
    this.items = new Items(tables);
    this.queries = new Queries(tables);
    this.transactions = new Transactions(items);
    this.statements = new Statements(tables);
    this.tableCalls = tableCalls;
  }

  /**
   * Returns all permissions that a call requires.
   *
   * @return empty if the operation is unknown
   */
  Optional<List<Access>> accesses(String operation, ObjectNode body) {
    return switch (operation) {
      case "GetItem", "PutItem", "UpdateItem", "DeleteItem" ->
          Optional.of(List.of(items.item(operation, body)));
      case "Query" -> Optional.of(List.of(queries.query(body)));
      case "Scan" -> Optional.of(List.of(queries.scan(body)));
      case "BatchGetItem" -> Optional.of(items.batchGet(body));
      case "BatchWriteItem" -> Optional.of(items.batchWrite(body));
      case "TransactGetItems", "TransactWriteItems" ->
          Optional.of(transactions.of(operation, body));
      case "ExecuteStatement" -> Optional.of(List.of(statements.one(body)));
      case "BatchExecuteStatement" -> Optional.of(statements.all(body, "Statements"));
      case "ExecuteTransaction" ->
          Optional.of(
              statements.all(body, "TransactStatements").stream()
                  .map(access -> access.and(Facts.enclosing(operation)))
                  .toList());
      default -> tableCalls.of(operation, body);
    };
  }
}
