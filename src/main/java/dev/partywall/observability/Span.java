package dev.partywall.observability;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One piece of work that has ended, for whoever exports traces.
 *
 * @param parentId the span that asked for it; none at the start of a trace
 * @param name by OpenTelemetry's semantic conventions, such as {@code GET /orders/{id}}
 */
public record Span(
    String traceId,
    String spanId,
    Optional<String> parentId,
    Kind kind,
    String name,
    Instant end,
    Duration took,
    boolean failed) {

  /** On which side of a call the work was done. */
  public enum Kind {
    SERVER,
    CLIENT
  }
}
