package dev.partywall.isolation;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A call for credentials that is under way. It runs on a thread of its own: a request that has no
 * more time gives up waiting, and the call goes on for those who come after it.
 *
 * @param start when it took off, in milliseconds since 1970
 * @param renewal whether there are credentials that still hold
 */
record Flight(long start, boolean renewal, CompletableFuture<Held> result) {
  /** A little more than the call itself may take. */
  private static final Duration PATIENCE = StsClients.CALL.plusSeconds(1);

  private static final Duration SOON = Duration.ofSeconds(2);

  /** Its result, waited for within limits. */
  Held landed() {
    try {
      return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw unavailable(Objects.requireNonNullElse(e.getCause(), e));
    } catch (TimeoutException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      // The request's deadline has passed: whoever set it finds the thread still interrupted.
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  private static Refused unavailable(Throwable cause) {
    return new Refused(new Refusal.Unavailable("The data is out of reach.", SOON), cause);
  }
}
