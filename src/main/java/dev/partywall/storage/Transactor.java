package dev.partywall.storage;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Sends transactions. DynamoDB cancels a transaction that conflicts with another one on the same
 * item. This class retries such conflicts, because the SDK's retry budget is shared by all tenants.
 *
 * @param random adds jitter to the pauses; must be thread-safe
 */
record Transactor(DynamoDbClient client, RandomGenerator random) {
  private static final int MAX_ATTEMPTS = 6;
  private static final int BASE_PAUSE_MILLIS = 10;
  private static final Set<String> RETRYABLE =
      Set.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");

  Outcome send(Transaction transaction) {
    var request = transaction.request();
    for (int attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      var outcome = attempt(transaction.location().table(), request);
      if (outcome.isPresent()) {
        return outcome.get();
      }
      pause(BASE_PAUSE_MILLIS << attempt);
    }
    return attempt(transaction.location().table(), request).orElseThrow(DynamoErrors::unavailable);
  }

  /** Returns empty on a transaction conflict or throttling, which a retry may resolve. */
  private Optional<Outcome> attempt(String table, TransactWriteItemsRequest request) {
    try {
      DynamoErrors.call("TransactWriteItems", table, () -> client.transactWriteItems(request));
      return Optional.of(new Outcome.Written());
    } catch (TransactionCanceledException e) {
      var reasons = e.cancellationReasons();
      var failed = firstFailed(reasons);
      if (failed.isEmpty()
          && reasons.stream().noneMatch(reason -> RETRYABLE.contains(reason.code()))) {
        throw e;
      }
      return failed;
    }
  }

  private static Optional<Outcome> firstFailed(List<CancellationReason> reasons) {
    return IntStream.range(0, reasons.size())
        .filter(index -> "ConditionalCheckFailed".equals(reasons.get(index).code()))
        .mapToObj(index -> failed(index, reasons.get(index)))
        .findFirst();
  }

  private static Outcome failed(int index, CancellationReason reason) {
    var current =
        reason.hasItem() ? Optional.of(Attributes.read(reason.item())) : Optional.<Item>empty();
    return new Outcome.ConditionFailed(index, current);
  }

  private void pause(int maxMillis) {
    try {
      Thread.sleep(random.nextInt(maxMillis));
    } catch (InterruptedException e) {
      // The request timed out. The timeout filter expects the thread to stay interrupted.
      Thread.currentThread().interrupt();
      throw DynamoErrors.unavailable(e);
    }
  }
}
