package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.StrictJson;
import java.util.Optional;
import java.util.Set;

/**
 * A failure of DynamoDB that DynamoDB Local does not have. A transaction reports it as the reason
 * of its cancellation, any other call as an error of its own.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">reasons
 *     of a cancelled transaction</a>
 */
public enum DynamoFault {
  /** Another transaction is changing an item of the call. Reads outside transactions succeed. */
  TRANSACTION_CONFLICT(
      "TransactionConflict",
      AwsErrorCode.TRANSACTION_CONFLICT,
      "Transaction is ongoing for the item"),

  /**
   * The table has no capacity left for the call ({@code ProvisionedThroughputExceededException}).
   */
  THROUGHPUT_EXCEEDED(
      "ProvisionedThroughputExceeded",
      AwsErrorCode.THROUGHPUT_EXCEEDED,
      "The level of configured provisioned throughput for the table was exceeded"),

  /** The caller makes too many calls ({@code ThrottlingException}). */
  THROTTLED(
      "ThrottlingError",
      AwsErrorCode.THROTTLED,
      "Throughput exceeds the current capacity of your table or index");

  private static final Set<String> SINGLE_WRITES = Set.of("PutItem", "UpdateItem", "DeleteItem");
  private static final String CANCELLED =
      "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";

  private final String reason;
  private final AwsErrorCode code;
  private final String message;

  DynamoFault(String reason, AwsErrorCode code, String message) {
    this.reason = reason;
    this.code = code;
    this.message = message;
  }

  /** Returns whether a call can fail in this way. */
  boolean appliesTo(String operation) {
    return this != TRANSACTION_CONFLICT
        || isTransaction(operation)
        || SINGLE_WRITES.contains(operation);
  }

  /**
   * Returns the error response.
   *
   * @param table the table with the fault; empty if it is any table of the call
   */
  AwsResponse response(String operation, ObjectNode body, Optional<String> table) {
    return isTransaction(operation)
        ? cancelled(body, table)
        : AwsResponse.json(new AwsFault(code, message));
  }

  private static boolean isTransaction(String operation) {
    return operation.startsWith("Transact");
  }

  /** Returns the response with one reason per item; the first item of the table has the fault. */
  private AwsResponse cancelled(ObjectNode body, Optional<String> table) {
    var response = StrictJson.newObject().put("__type", CANCELLED);
    var reasons = response.putArray("CancellationReasons");
    var found = false;
    for (var item : body.path("TransactItems")) {
      var isFaulty = !found && table.map(name -> tableOf(item).equals(name)).orElse(true);
      if (isFaulty) {
        reasons.addObject().put("Code", reason).put("Message", message);
      } else {
        reasons.addObject().put("Code", "None");
      }
      found |= isFaulty;
    }
    response.put(
        "message", "Transaction cancelled, please refer cancellation reasons for specific reasons");
    return AwsResponse.json(400, StrictJson.bytes(response));
  }

  private static String tableOf(JsonNode item) {
    return item.elements().next().path("TableName").asText();
  }
}
