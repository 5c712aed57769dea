package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Determines the permissions that each operation requires. Unlisted operations are rejected. */
final class OperationPermissions {
  private final ItemPermissions items;
  private final QueryPermissions queries;
  private final TransactionPermissions transactions;
  private final TablePermissions tableCalls;
  private final StatementPermissions statements;

  OperationPermissions(EngineTables tables, TablePermissions tableCalls) {
    this.items = new ItemPermissions(tables);
    this.queries = new QueryPermissions(tables);
    this.transactions = new TransactionPermissions(items);
    this.statements = new StatementPermissions(tables);
    this.tableCalls = tableCalls;
  }

  /**
   * Returns all permissions that a call requires.
   *
   * @return empty if the operation is unknown
   */
  Optional<List<RequiredPermission>> requiredPermissions(String operation, ObjectNode body) {
    return switch (operation) {
      case "GetItem", "PutItem", "UpdateItem", "DeleteItem" ->
          Optional.of(List.of(items.forItem(operation, body)));
      case "Query" -> Optional.of(List.of(queries.forQuery(body)));
      case "Scan" -> Optional.of(List.of(queries.forScan(body)));
      case "BatchGetItem" -> Optional.of(items.forBatchGet(body));
      case "BatchWriteItem" -> Optional.of(items.forBatchWrite(body));
      case "TransactGetItems", "TransactWriteItems" ->
          Optional.of(transactions.of(operation, body));
      case "ExecuteStatement" -> Optional.of(List.of(statements.forStatement(body)));
      case "BatchExecuteStatement" -> Optional.of(statements.forStatements(body, "Statements"));
      case "ExecuteTransaction" ->
          Optional.of(
              statements.forStatements(body, "TransactStatements").stream()
                  .map(access -> access.withContext(RequestFacts.enclosingOperation(operation)))
                  .toList());
      default -> tableCalls.of(operation, body);
    };
  }
}
