package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

class ConflictRetryTest {
  /** With the greatest random value, pauses are shorter than a microsecond. */
  private static final RandomGenerator NO_PAUSES = () -> -1;

  private static RuntimeException conflict() {
    return TransactionConflictException.builder().build();
  }

  private final ConflictRetry retry = new ConflictRetry(3, NO_PAUSES);
  private final Deque<RuntimeException> failures = new ArrayDeque<>();
  private int attempts;

  private String attempt() {
    attempts++;
    if (!failures.isEmpty()) {
      throw failures.remove();
    }
    return "done";
  }

  private static TransactionCanceledException cancelled(String... codes) {
    var reasons = Arrays.stream(codes).map(code -> CancellationReason.builder().code(code).build());
    return TransactionCanceledException.builder().cancellationReasons(reasons.toList()).build();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
  void repeatsACallWithATransientReason(String code) {
    failures.add(cancelled("None", code));
    assertEquals("done", retry.call(this::attempt));
    assertEquals(2, attempts);
  }

  @Test
  void repeatsASingleWriteThatConflicts() {
    failures.addAll(List.of(conflict(), conflict()));
    assertEquals("done", retry.call(this::attempt));
    assertEquals(3, attempts);
  }

  @Test
  void rethrowsTheLastConflict() {
    var last = cancelled("TransactionConflict");
    failures.addAll(List.of(conflict(), conflict(), last));
    assertSame(
        last, assertThrows(TransactionCanceledException.class, () -> retry.call(this::attempt)));
    assertEquals(3, attempts);
  }

  @Test
  void doesNotRepeatAFailedConditionOrAnInvalidRequest() {
    for (var failure :
        List.of(
            cancelled("ConditionalCheckFailed", "TransactionConflict"),
            cancelled("ValidationError", "None"),
            cancelled())) {
      failures.add(failure);
      assertThrows(TransactionCanceledException.class, () -> retry.call(this::attempt));
    }
    assertEquals(3, attempts);
  }

  @Test
  void endsOnAnInterruptAndKeepsIt() {
    failures.add(conflict());
    Thread.currentThread().interrupt();
    assertThrows(ApiException.class, () -> retry.call(this::attempt));
    assertTrue(Thread.interrupted());
    assertEquals(1, attempts);
  }
}
