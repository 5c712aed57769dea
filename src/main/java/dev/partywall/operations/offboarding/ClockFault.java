package dev.partywall.operations.offboarding;

import java.time.Duration;
import java.util.Optional;

/** The reason why the clock of an instance may not end a retention. */
public final class ClockFault {
  /** A retention ends by the clock of an instance, which must not be far ahead. */
  private static final Duration MAX_DIFFERENCE = Duration.ofMinutes(1);

  private ClockFault() {}

  /**
   * Returns the fault of a clock; empty if it has none.
   *
   * @param difference the time by which the clock is ahead of the last answer of the registry;
   *     empty if it is unknown
   */
  public static Optional<String> of(Optional<Duration> difference) {
    return difference.filter(value -> value.abs().compareTo(MAX_DIFFERENCE) <= 0).isPresent()
        ? Optional.empty()
        : Optional.of(
            difference
                .map(value ->
                    "The clock of the instance differs from that of the registry by "
                        + value.abs().toSeconds()
                        + " s.")
                .orElse("The registry has answered without a date."));
  }
}
