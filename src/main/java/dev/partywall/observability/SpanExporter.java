package dev.partywall.observability;

/** Exports the completed spans of sampled traces. */
@FunctionalInterface
public interface SpanExporter {
  /** Runs on the thread that did the work. Must neither block nor throw. */
  void export(Span span);
}
