package dev.partywall.operations.lifecycle;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The clock of this instance, compared with that of the registry.
 *
 * @param source the clock of this instance
 * @param difference returns the time by which the clock is ahead of the last answer of the
 *     registry; empty if it is unknown
 */
public record CheckedClock(InstantSource source, Supplier<Optional<Duration>> difference) {
  /** The longest difference with which an instance may state a time that others rely on. */
  private static final Duration MAX_DIFFERENCE = Duration.ofMinutes(1);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /**
   * Returns the reason why the clock may be wrong; empty if it agrees with that of the registry.
   */
  public Optional<String> fault() {
    var known = difference.get();
    return known.filter(value -> value.abs().compareTo(MAX_DIFFERENCE) <= 0).isPresent()
        ? Optional.empty()
        : Optional.of(
            known
                .map(value ->
                    "The clock of the instance differs from that of the registry by "
                        + value.abs().toSeconds()
                        + " s.")
                .orElse("The time of the registry is not known."));
  }

  /** Returns the time of this instance, or that of the registry if it is known to differ. */
  public Instant correctedTime() {
    var correction = fault().isPresent() ? difference.get().orElse(Duration.ZERO) : Duration.ZERO;
    return source.instant().minus(correction);
  }

  /**
   * Returns the time of this instance in milliseconds.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if the clock may be wrong: another
   *     instance can execute the request
   */
  public Instant now() {
    var fault = fault();
    if (fault.isPresent()) {
      throw new ApiException(new ApiError.Unavailable(fault.get(), RETRY_AFTER));
    }
    return source.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
