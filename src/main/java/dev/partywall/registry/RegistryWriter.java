package dev.partywall.registry;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.registry.TenantWrite.Rejection;
import dev.partywall.storage.ConflictRetry;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Sends changes of tenants. All changes increase the same sequence, so concurrent changes of
 * different tenants conflict. A change that conflicts is repeated and has the same result as
 * without the conflict.
 *
 * @param random safe for use by concurrent threads
 */
record RegistryWriter(ChangeLog log, RandomGenerator random) {
  /** Up to 6 s, which is shorter than the timeout of a request. */
  private static final int MAX_ATTEMPTS = 11;

  /** Returns empty if the write was applied. */
  Optional<Rejection> send(TenantWrite write) {
    return retried(() -> write.send(log, log.sequence()))
        .filter(rejection -> !rejection.isOwn(write.nonce()));
  }

  /**
   * Makes a call, and repeats it after a conflict.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if all attempts have conflicted
   */
  <T> T retried(Supplier<T> call) {
    try {
      return new ConflictRetry(MAX_ATTEMPTS, random).call(call);
    } catch (RuntimeException e) {
      throw ConflictRetry.isConflict(e) ? busy(e) : e;
    }
  }

  private static ApiException busy(RuntimeException cause) {
    var error =
        new ApiError.Unavailable(
            "Too many tenants are being changed at the same time.", Duration.ofSeconds(2));
    return new ApiException(error, cause);
  }

  /** Returns a value that identifies a write. */
  String nonce() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
