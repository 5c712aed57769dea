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
 * Sends transactions. One that meets another at the same item is cancelled; such a conflict is
 * tried again here and not by the SDK, whose budget for retries is one for all tenants.
 *
 * @param random spreads those that met, so that they don't meet again; safe for use by many threads
 */
record Transactor(DynamoDbClient client, RandomGenerator random) {
  private static final int ATTEMPTS = 6;
  private static final int FIRST_PAUSE_MILLIS = 10;
  private static final Set<String> PASSING =
      Set.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");

  Outcome send(Transaction transaction) {
    var request = transaction.request();
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      var outcome = attempt(transaction.home().table(), request);
      if (outcome.isPresent()) {
        return outcome.get();
      }
      pause(FIRST_PAUSE_MILLIS << attempt);
    }
    return attempt(transaction.home().table(), request).orElseThrow(Calls::unavailable);
  }

  /** Nothing when the transaction met another one, or a limit that will have passed soon. */
  private Optional<Outcome> attempt(String table, TransactWriteItemsRequest request) {
    try {
      Calls.call("TransactWriteItems", table, () -> client.transactWriteItems(request));
      return Optional.of(new Outcome.Written());
    } catch (TransactionCanceledException e) {
      var reasons = e.cancellationReasons();
      var failed = firstFailed(reasons);
      if (failed.isEmpty() && reasons.stream().noneMatch(it -> PASSING.contains(it.code()))) {
        throw e;
      }
      return failed;
    }
  }

  private static Optional<Outcome> firstFailed(List<CancellationReason> reasons) {
    return IntStream.range(0, reasons.size())
        .filter(place -> "ConditionalCheckFailed".equals(reasons.get(place).code()))
        .mapToObj(place -> failed(place, reasons.get(place)))
        .findFirst();
  }

  private static Outcome failed(int place, CancellationReason reason) {
    var standing =
        reason.hasItem() ? Optional.of(Attributes.read(reason.item())) : Optional.<Item>empty();
    return new Outcome.Failed(place, standing);
  }

  private void pause(int longestMillis) {
    try {
      Thread.sleep(random.nextInt(longestMillis));
    } catch (InterruptedException e) {
      // The request's deadline has passed: whoever set it finds the thread still interrupted.
      Thread.currentThread().interrupt();
      throw Calls.unavailable(e);
    }
  }
}
