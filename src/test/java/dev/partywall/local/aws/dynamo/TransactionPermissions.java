package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Determines the permissions for transactions: each item requires the permission of its single-item
 * operation, with the enclosing operation as a condition key.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html">IAM
 *     with transactions</a>
 */
final class TransactionPermissions {
  private static final Map<String, String> ACTIONS =
      Map.of(
          "Get", "GetItem",
          "Put", "PutItem",
          "Update", "UpdateItem",
          "Delete", "DeleteItem",
          "ConditionCheck", "ConditionCheckItem");

  private final ItemPermissions items;

  TransactionPermissions(ItemPermissions items) {
    this.items = items;
  }

  List<RequiredPermission> of(String operation, ObjectNode body) {
    var accesses = new ArrayList<RequiredPermission>();
    for (var element : RequestMembers.requireList(body.path("TransactItems"))) {
      for (var part : RequestMembers.requireKnown(element).properties()) {
        var access =
            items.forItem(action(part.getKey()), RequestMembers.requireMap(part.getValue()));
        accesses.add(access.withContext(RequestFacts.enclosingOperation(operation)));
      }
    }
    return accesses;
  }

  private static String action(String kind) {
    var action = ACTIONS.get(kind);
    if (action == null) {
      throw AwsFault.validation("Unsupported action in a transaction: " + kind);
    }
    return action;
  }
}
