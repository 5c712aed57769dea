package dev.partywall.metering;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How metering is.
 *
 * @param problems what is wrong, in words for an operator; none when all is well
 * @param lastShipped when the journal was last empty, as far as it is sealed
 * @param segments that wait to be shipped
 * @param bytes in them, and in the one that is written
 */
public record UsageStatus(
    List<String> problems, Optional<Instant> lastShipped, int segments, long bytes) {

  /** All that is wrong, in one line. */
  public Optional<String> problem() {
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }
}
