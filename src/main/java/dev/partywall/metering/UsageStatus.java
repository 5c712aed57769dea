package dev.partywall.metering;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The status of metering.
 *
 * @param problems descriptions for an operator; empty if metering works
 * @param lastShipped time of the last complete shipment of all sealed segments
 * @param segments number of segments waiting for shipment
 * @param bytes size of these segments and of the open one
 */
public record UsageStatus(
    List<String> problems, Optional<Instant> lastShipped, int segments, long bytes) {

  /** Returns all problems in one line. */
  public Optional<String> problem() {
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }
}
