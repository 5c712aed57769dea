package dev.partywall.storage.content;

import dev.partywall.storage.ConflictRetry;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Writes pages of an operation, each in one transaction. */
public final class Pages {
  /** The limit of DynamoDB for the actions of a transaction. */
  public static final int MAX_ACTIONS = 100;

  private Pages() {}

  /**
   * Writes a page. The SDK adds a ClientRequestToken, so a repetition after a lost response has no
   * further effect.
   *
   * @return false if a condition has failed and nothing is written
   * @throws TransactionCanceledException for any other reason, such as a conflict or throttling
   */
  public static boolean isWritten(DynamoDbClient client, List<TransactWriteItem> writes) {
    try {
      client.transactWriteItems(request -> request.transactItems(writes));
      return true;
    } catch (TransactionCanceledException e) {
      if (e.cancellationReasons().stream()
          .anyMatch(reason -> ConflictRetry.CONDITION_FAILED.equals(reason.code()))) {
        return false;
      }
      throw e;
    }
  }
}
