package dev.partywall.observability;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/** What a line is made of, whoever logged it. */
record LogEvent(
    Level level,
    String logger,
    String message,
    List<Marker> markers,
    List<KeyValuePair> pairs,
    @Nullable Throwable thrown) {

  /** A line of ours with fields. */
  static LogEvent of(Level level, String logger, String message, List<KeyValuePair> pairs) {
    return new LogEvent(level, logger, message, List.of(), pairs, null);
  }
}
