package dev.partywall.metering.ledger;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.storage.DynamoErrors;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * The usage table and its calls. Instances may write a tenant's hour concurrently. DynamoDB rejects
 * the second write, which is retried after a random delay.
 *
 * @param random safe for use by concurrent threads
 */
record LedgerTable(DynamoDbClient client, String name, RandomGenerator random) {
  private static final int MAX_ATTEMPTS = 8;
  private static final int FIRST_DELAY_MILLIS = 10;
  private static final Set<String> RETRYABLE_CODES =
      Set.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");

  /**
   * Makes a call, and retries it after a conflict.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if DynamoDB is unavailable
   */
  <T> T call(String operation, Supplier<T> call) {
    for (var attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        return DynamoErrors.call(operation, name, call);
      } catch (TransactionConflictException _) {
        pause(FIRST_DELAY_MILLIS << attempt);
      } catch (TransactionCanceledException e) {
        requireRetryable(e);
        pause(FIRST_DELAY_MILLIS << attempt);
      }
    }
    return DynamoErrors.call(operation, name, call);
  }

  /** Returns the items of a partition between two sort keys, both inclusive. */
  List<Map<String, AttributeValue>> items(String partition, String from, String to) {
    var request =
        QueryRequest.builder()
            .tableName(name)
            .keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :to")
            .expressionAttributeValues(
                Map.of(
                    ":pk", AttributeValue.fromS(partition),
                    ":from", AttributeValue.fromS(from),
                    ":to", AttributeValue.fromS(to)))
            .consistentRead(true)
            .build();
    return call("Query", () -> client.queryPaginator(request).items().stream().toList());
  }

  /** Returns all items of a partition. */
  List<Map<String, AttributeValue>> items(String partition) {
    return items(partition, "!", "~");
  }

  private static void requireRetryable(TransactionCanceledException e) {
    var codes = e.cancellationReasons().stream().map(reason -> reason.code()).toList();
    if (codes.contains("ConditionalCheckFailed")
        || codes.stream().noneMatch(RETRYABLE_CODES::contains)) {
      throw e;
    }
  }

  private void pause(int maxMillis) {
    try {
      Thread.sleep(Duration.ofMillis(random.nextInt(maxMillis)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(
          new ApiError.Unavailable(
              "The database is temporarily unavailable.", Duration.ofSeconds(2)),
          e);
    }
  }
}
