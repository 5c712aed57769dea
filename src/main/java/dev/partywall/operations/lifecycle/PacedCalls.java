package dev.partywall.operations.lifecycle;

import dev.partywall.error.ApiException;
import dev.partywall.storage.ConflictRetry;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The calls that operations make to DynamoDB. Each attempt waits for capacity. After throttling or
 * a conflict with another transaction, the rate of all operations halves, and the call is repeated.
 *
 * @param pace limits the capacity of all operations of this instance
 * @param random adds jitter to the pauses; must be thread-safe
 */
public record PacedCalls(OperationPace pace, RandomGenerator random) {
  /** With a pause of half a second after each failure, about 4 to 6 s: less than a lease. */
  static final int MAX_ATTEMPTS = 8;

  /**
   * Makes a call of a request, which owns no operation. Rethrows the failure of the last attempt.
   *
   * @throws ApiException as {@code Unavailable} if DynamoDB is unavailable
   */
  public <T> T call(Supplier<T> call) {
    return repeat(pace::await, call);
  }

  /**
   * Makes a call without a result, as {@link #call} does.
   *
   * @throws ApiException as {@code Unavailable} if DynamoDB is unavailable
   */
  public void run(Runnable call) {
    var _ =
        call(() -> {
          call.run();
          return true;
        });
  }

  /** Returns the calls of an owner. */
  public Owned ownedBy(OwnedOperation owned) {
    return new Owned(this, owned);
  }

  private <T> T repeat(Runnable await, Supplier<T> call) {
    return new ConflictRetry(MAX_ATTEMPTS, random)
        .call(() -> attempt(await, call), PacedCalls::isTransient);
  }

  private <T> T attempt(Runnable await, Supplier<T> call) {
    await.run();
    try {
      return call.get();
    } catch (RuntimeException e) {
      if (isTransient(e)) {
        pace.throttled();
      }
      throw e;
    }
  }

  private static boolean isTransient(RuntimeException failure) {
    return ConflictRetry.isConflict(failure) || ConflictRetry.isThrottling(failure);
  }

  /** The calls of the owner of an operation. */
  public record Owned(PacedCalls calls, OwnedOperation operation) {
    /**
     * Makes a call. Rethrows the failure of the last attempt.
     *
     * @throws OwnershipLostException if another owner executes the operation, or it has ended
     * @throws InstanceStoppingException if this instance stops
     * @throws ApiException as {@code Unavailable} if DynamoDB is unavailable
     */
    public <T> T call(Supplier<T> call) {
      return calls.repeat(this::await, call);
    }

    /**
     * Waits for capacity, and renews the lease before.
     *
     * @throws OwnershipLostException if another owner executes the operation, or it has ended
     * @throws InstanceStoppingException if this instance stops
     */
    public void await() {
      operation.checkpoint();
      calls.pace.await(operation::requireRunning);
      operation.requireCurrent();
    }

    /**
     * Lowers the rate after a failed attempt of a caller that repeats its calls itself.
     *
     * @param failures the number of failures in sequence, with this one
     * @throws ApiException the failure, if no further attempt is permitted
     */
    public void failed(ApiException failure, int failures) {
      if (!isTransient(failure)) {
        throw failure;
      }
      calls.pace.throttled();
      if (failures >= MAX_ATTEMPTS) {
        throw failure;
      }
    }
  }
}
