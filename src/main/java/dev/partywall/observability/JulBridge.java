package dev.partywall.observability;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.event.Level;

/** Forwards {@code java.util.logging} records to the slf4j logger of the same name. */
final class JulBridge extends Handler {
  private final Formatter formatter = new SimpleFormatter();
  private final ILoggerFactory loggers;

  JulBridge(ILoggerFactory loggers) {
    this.loggers = loggers;
  }

  @Override
  public void publish(@Nullable LogRecord event) {
    if (event != null) {
      var name = event.getLoggerName() == null ? "java.util.logging" : event.getLoggerName();
      loggers
          .getLogger(name)
          .atLevel(level(event.getLevel().intValue()))
          .setCause(event.getThrown())
          .log(formatter.formatMessage(event));
    }
  }

  private static Level level(int level) {
    if (level >= java.util.logging.Level.SEVERE.intValue()) {
      return Level.ERROR;
    }
    if (level >= java.util.logging.Level.WARNING.intValue()) {
      return Level.WARN;
    }
    if (level >= java.util.logging.Level.INFO.intValue()) {
      return Level.INFO;
    }
    return level >= java.util.logging.Level.FINE.intValue() ? Level.DEBUG : Level.TRACE;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
