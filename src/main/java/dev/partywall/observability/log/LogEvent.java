package dev.partywall.observability.log;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/** The content of a log line. */
public record LogEvent(
    Level level,
    String logger,
    String message,
    List<Marker> markers,
    List<KeyValuePair> pairs,
    @Nullable Throwable thrown) {

  /** Creates an event with fields, without markers or an exception. */
  public static LogEvent of(Level level, String logger, String message, List<KeyValuePair> pairs) {
    return new LogEvent(level, logger, message, List.of(), pairs, null);
  }
}
