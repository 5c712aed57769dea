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
final class Transactions {
  private static final Map<String, String> ACTIONS =
      Map.of(
          "Get", "GetItem",
          "Put", "PutItem",
          "Update", "UpdateItem",
          "Delete", "DeleteItem",
          "ConditionCheck", "ConditionCheckItem");

  private final Items items;

  Transactions(Items items) {
    this.items = items;
  }

  List<Access> of(String operation, ObjectNode body) {
    var accesses = new ArrayList<Access>();
    for (var element : Members.list(body.path("TransactItems"))) {
      for (var part : Members.known(element).properties()) {
        var access = items.item(action(part.getKey()), Members.map(part.getValue()));
        accesses.add(access.and(Facts.enclosing(operation)));
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
