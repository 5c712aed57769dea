package dev.partywall.isolation;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A call to STS in flight. It runs on its own thread: a request that times out stops waiting, and
 * the call continues for later requests.
 *
 * @param startedAt start time, in milliseconds since 1970
 * @param renewal whether the tenant still has valid credentials
 */
record PendingCredentials(
    long startedAt, boolean renewal, CompletableFuture<CachedCredentials> result) {
  /** Slightly longer than the timeout of the call. */
  private static final Duration WAIT_TIMEOUT = StsClients.CALL_TIMEOUT.plusSeconds(1);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /**
   * Waits for the result, up to a timeout.
   *
   * @throws ApiException as {@code Unavailable} if the call fails or takes too long
   */
  CachedCredentials await() {
    try {
      return result.get(WAIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw unavailable(Objects.requireNonNullElse(e.getCause(), e));
    } catch (TimeoutException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      // The request has timed out. Its timeout filter must still find the thread interrupted.
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  private static ApiException unavailable(Throwable cause) {
    return new ApiException(
        new ApiError.Unavailable("Tenant credentials are temporarily unavailable.", RETRY_AFTER),
        cause);
  }
}
