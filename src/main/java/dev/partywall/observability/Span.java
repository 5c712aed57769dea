package dev.partywall.observability;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A completed unit of work, for a trace exporter.
 *
 * @param parentId the caller's span; empty at the start of a trace
 * @param name follows OpenTelemetry's semantic conventions, such as {@code GET /orders/{id}}
 */
public record Span(
    String traceId,
    String spanId,
    Optional<String> parentId,
    SpanKind kind,
    String name,
    Instant end,
    Duration duration,
    boolean failed) {

  /** The side of a call on which the work was done. */
  public enum SpanKind {
    SERVER,
    CLIENT
  }
}
