package dev.partywall.operations.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

class PacedCallsTest {
  private final AtomicLong nanoClock = new AtomicLong();
  private final AtomicLong step = new AtomicLong(Duration.ofSeconds(1).toNanos());
  private final OperationPace pace = new OperationPace(100, () -> nanoClock.addAndGet(step.get()));
  private final PacedCalls calls = new PacedCalls(pace, () -> -1);
  private final AtomicInteger attempts = new AtomicInteger();

  private int failUntil(int attempt, RuntimeException failure) {
    return calls.call(() -> {
      if (attempts.incrementAndGet() < attempt) {
        throw failure;
      }
      return attempts.get();
    });
  }

  private static TransactionCanceledException cancelled(String code) {
    var reason = CancellationReason.builder().code(code).build();
    return TransactionCanceledException.builder().cancellationReasons(reason).build();
  }

  private static DynamoDbException throttled() {
    var details =
        AwsErrorDetails.builder().errorCode("ProvisionedThroughputExceededException").build();
    return (DynamoDbException)
        ProvisionedThroughputExceededException.builder().awsErrorDetails(details).build();
  }

  @Test
  void repeatsAThrottledCall() {
    var unavailable = new ApiError.Unavailable("throttled", Duration.ofSeconds(1));
    assertEquals(4, failUntil(4, new ApiException(unavailable, throttled())));
  }

  @Test
  void repeatsATransactionWithAConflict() {
    assertEquals(8, failUntil(8, cancelled("TransactionConflict")));
  }

  @Test
  void endsAfterEightAttemptsAtALowerRate() {
    var conflict = cancelled("TransactionConflict");
    assertEquals(
        conflict, assertThrows(TransactionCanceledException.class, () -> failUntil(9, conflict)));
    step.set(0);
    assertEquals(8, attempts.get());
    assertEquals(500_000_001, pace.delayNanos());
  }

  @Test
  void rethrowsAnyOtherFailureAtTheSameRate() {
    assertThrows(
        TransactionCanceledException.class,
        () -> failUntil(2, cancelled("ConditionalCheckFailed")));
    step.set(0);
    assertEquals(1, attempts.get());
    assertEquals(0, pace.delayNanos());
  }

  @Test
  void eachAttemptWaitsForCapacity() {
    step.set(Duration.ofMillis(1).toNanos());
    pace.consumed(101);
    var before = nanoClock.get();
    calls.run(attempts::incrementAndGet);
    assertEquals(1, attempts.get());
    var waited = Duration.ofNanos(nanoClock.get() - before).toMillis();
    assertTrue(waited >= 9 && waited <= 13, () -> waited + " ms");
  }
}
