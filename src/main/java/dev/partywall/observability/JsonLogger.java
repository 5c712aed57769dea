package dev.partywall.observability;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NormalizedParameters;
import org.slf4j.simple.SimpleLogger;
import org.slf4j.spi.LoggingEventAware;

/** A logger that writes each event as one JSON line. Levels are configured as in slf4j-simple. */
final class JsonLogger extends SimpleLogger implements LoggingEventAware {
  private static final long serialVersionUID = 1L;

  private final transient LogLine line;
  private final transient LogOutput output;

  JsonLogger(String name, LogLine line, LogOutput output) {
    super(name);
    this.line = line;
    this.output = output;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      @Nullable Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    var markers = marker == null ? List.<Marker>of() : List.of(marker);
    write(level, markers, format(pattern, arguments), List.of(), thrown);
  }

  @Override
  public void log(LoggingEvent event) {
    if (isLevelEnabled(event.getLevel().toInt())) {
      var normalized = NormalizedParameters.normalize(event);
      var message = format(normalized.getMessage(), normalized.getArguments());
      write(
          event.getLevel(),
          orEmpty(event.getMarkers()),
          message,
          orEmpty(event.getKeyValuePairs()),
          normalized.getThrowable());
    }
  }

  private void write(
      Level level,
      List<Marker> markers,
      String message,
      List<KeyValuePair> pairs,
      @Nullable Throwable thrown) {
    output.offer(line.format(new LogEvent(level, getName(), message, markers, pairs, thrown)));
  }

  private static String format(@Nullable String pattern, @Nullable Object @Nullable [] arguments) {
    return String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments));
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return Objects.requireNonNullElse(list, List.of());
  }
}
