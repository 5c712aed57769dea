package dev.partywall.storage;

import dev.partywall.concurrent.Backoff;
import dev.partywall.error.ApiException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Repeats calls that conflict with another transaction on the same item, and transactions that are
 * throttled. DynamoDB rejects the second of two concurrent calls. The SDK would count a repetition
 * against its retry budget, which all tenants share. A call that is not repeated here fails as
 * {@code Unavailable}: {@link ErrorMappingDynamo} keeps the conflict as the cause.
 *
 * @param maxAttempts the maximum number of attempts
 * @param random adds jitter to the pauses; must be thread-safe
 */
public record ConflictRetry(int maxAttempts, RandomGenerator random) {
  /** Without jitter, calls that conflicted would conflict again. */
  private static final Backoff PAUSES =
      new Backoff(Duration.ofMillis(20), Duration.ofMillis(1_280), 1);

  /** The code of a cancellation reason: a condition of the transaction failed. */
  public static final String CONDITION_FAILED = "ConditionalCheckFailed";

  private static final Set<String> TRANSIENT_REASONS =
      Set.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");

  /**
   * Makes a call, and repeats it after a conflict or throttling. Rethrows the failure of the last
   * attempt.
   *
   * @throws dev.partywall.error.ApiException with {@code Unavailable} when the thread is
   *     interrupted
   */
  public <T> T call(Supplier<T> call) {
    return call(call, ConflictRetry::isConflict);
  }

  /**
   * Makes a call, and repeats it after a transient failure. Rethrows the failure of the last
   * attempt.
   *
   * @throws dev.partywall.error.ApiException with {@code Unavailable} when the thread is
   *     interrupted
   */
  public <T> T call(Supplier<T> call, Predicate<RuntimeException> isTransient) {
    for (var failures = 1; failures < maxAttempts; failures++) {
      try {
        return call.get();
      } catch (RuntimeException e) {
        if (!isTransient.test(e)) {
          throw e;
        }
        pause(PAUSES.delay(failures, random.nextDouble()));
      }
    }
    return call.get();
  }

  /**
   * Returns whether the failure is a conflict or throttling, as DynamoDB or {@link
   * ErrorMappingDynamo} reports it. A repetition may succeed: no condition failed, and the request
   * is valid.
   */
  public static boolean isConflict(RuntimeException failure) {
    return switch (failure) {
      case TransactionConflictException _ -> true;
      case TransactionCanceledException e -> isTransient(e);
      case ApiException e when e.getCause() instanceof DynamoDbException cause -> isConflict(cause);
      default -> false;
    };
  }

  /** Returns whether the failure is throttling outside a transaction, for example of a query. */
  public static boolean isThrottling(RuntimeException failure) {
    return switch (failure) {
      case DynamoDbException e -> e.isThrottlingException();
      case ApiException e when e.getCause() instanceof DynamoDbException cause ->
          cause.isThrottlingException();
      default -> false;
    };
  }

  private static boolean isTransient(TransactionCanceledException e) {
    var codes = e.cancellationReasons().stream().map(reason -> reason.code()).toList();
    return !codes.contains(CONDITION_FAILED)
        && codes.stream().anyMatch(TRANSIENT_REASONS::contains);
  }

  static void pause(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      // The request timed out. The timeout filter expects the thread to stay interrupted.
      Thread.currentThread().interrupt();
      throw ErrorMappingDynamo.unavailable(e);
    }
  }
}
