package dev.partywall.metering;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.storage.Calls;
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
 * The usage table and how it is called. Instances meet at a tenant's hour; whoever comes second is
 * turned away by DynamoDB, and tries again after a pause that is as long as chance has it.
 *
 * @param random safe for use by many threads
 */
record LedgerTable(DynamoDbClient client, String name, RandomGenerator random) {
  private static final int ATTEMPTS = 8;
  private static final int FIRST_PAUSE_MILLIS = 10;
  private static final Set<String> PASSING =
      Set.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");

  /**
   * Makes a call, again where it met another.
   *
   * @throws Refused as {@link Refusal.Unavailable} when it can't be served now
   */
  <T> T call(String operation, Supplier<T> call) {
    for (var attempt = 1; attempt < ATTEMPTS; attempt++) {
      try {
        return Calls.call(operation, name, call);
      } catch (TransactionConflictException _) {
        pause(FIRST_PAUSE_MILLIS << attempt);
      } catch (TransactionCanceledException e) {
        requirePassing(e);
        pause(FIRST_PAUSE_MILLIS << attempt);
      }
    }
    return Calls.call(operation, name, call);
  }

  /** The items of a partition from one sort key to another, both included. */
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

  /** All items of a partition. */
  List<Map<String, AttributeValue>> items(String partition) {
    return items(partition, "!", "~");
  }

  private static void requirePassing(TransactionCanceledException e) {
    var codes = e.cancellationReasons().stream().map(it -> it.code()).toList();
    if (codes.contains("ConditionalCheckFailed") || codes.stream().noneMatch(PASSING::contains)) {
      throw e;
    }
  }

  private void pause(int longestMillis) {
    try {
      Thread.sleep(Duration.ofMillis(random.nextInt(longestMillis)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(
          new Refusal.Unavailable("The ledger was not waited for.", Duration.ofSeconds(2)), e);
    }
  }
}
