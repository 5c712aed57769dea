package dev.partywall.observability;

/** Takes the spans of sampled traces when they have ended, to send them on. */
@FunctionalInterface
public interface SpanExporter {
  /** Called on the thread that did the work, so it must neither block nor throw. */
  void export(Span span);
}
