package dev.partywall.http.server;

import dev.partywall.concurrent.OutOfMemory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections that the JDK's server closes without a response of this service. The
 * server reports these events only to its own log, at levels that this filter does not pass on: the
 * records contain raw request lines. A connection above the maximum number has no record.
 */
final class ServerLog implements Filter {
  // A strong reference, because a collected logger would be recreated without its filter.
  private static final Logger LOGGER = Logger.getLogger("com.sun.net.httpserver");

  /** The beginnings of the messages about timeouts. */
  private static final Map<String, ClosingReason> PREFIXES =
      Map.of(
          "closing: no request", ClosingReason.REQUEST_TIMEOUT,
          "closing: no response", ClosingReason.RESPONSE_TIMEOUT,
          "Closed idle connection", ClosingReason.IDLE);

  private final Map<ClosingReason, LongAdder> counts = new EnumMap<>(ClosingReason.class);

  private ServerLog() {
    for (var reason : ClosingReason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  /** The reasons for which the JDK's server closes a connection. */
  private enum ClosingReason {
    /** The header fields exceed a limit. */
    HEADERS,
    /** The request did not arrive in time. */
    REQUEST_TIMEOUT,
    /** The client did not take the response in time. */
    RESPONSE_TIMEOUT,
    /** No request arrived on a new or a kept connection in time. */
    IDLE,
    /** The server sent a page of its own. */
    BUILT_IN_PAGE,
    /** The target has no path: a request with CONNECT, or for a URI such as {@code mailto:a}. */
    TARGET,
    /** The connection would be kept after its response, but too many connections are kept. */
    IDLE_LIMIT
  }

  /** Returns the filter of the server's log. Creates it at the first call in this JVM. */
  static ServerLog install() {
    synchronized (LOGGER) {
      if (LOGGER.getFilter() instanceof ServerLog installed) {
        LOGGER.setLevel(Level.FINER);
        return installed;
      }
      var log = new ServerLog();
      LOGGER.setFilter(log);
      LOGGER.setLevel(Level.FINER); // TRACE in the levels of the JDK
      return log;
    }
  }

  /** Returns the number of closed connections by reason. */
  Map<String, Long> counts() {
    var copy = new LinkedHashMap<String, Long>();
    counts.forEach(
        (reason, count) -> copy.put(reason.name().toLowerCase(Locale.ROOT), count.sum()));
    return copy;
  }

  /** Counts the event, and passes the record on only if it is a message for operators. */
  @Override
  public boolean isLoggable(LogRecord event) {
    if (event.getLevel().intValue() >= Level.INFO.intValue()) {
      return true;
    }
    var thrown = event.getThrown();
    if (thrown != null) {
      OutOfMemory.exitIfCauseOf(thrown); // the server continues without the connection
    }
    reason(event.getMessage(), thrown).map(counts::get).ifPresent(LongAdder::increment);
    return false; // the records contain raw request lines
  }

  private static Optional<ClosingReason> reason(String message, @Nullable Throwable thrown) {
    if (thrown != null) {
      return reason(thrown);
    }
    if (isBuiltInPage(message)) {
      return Optional.of(ClosingReason.BUILT_IN_PAGE);
    }
    if (message.startsWith("Closing connection") && exceedsIdleLimit()) {
      return Optional.of(ClosingReason.IDLE_LIMIT);
    }
    for (var prefix : PREFIXES.entrySet()) {
      if (message.startsWith(prefix.getKey())) {
        return Optional.of(prefix.getValue());
      }
    }
    return Optional.empty();
  }

  private static Optional<ClosingReason> reason(Throwable thrown) {
    if (exceedsLimit(thrown)) {
      return Optional.of(ClosingReason.HEADERS);
    }
    return thrown instanceof NullPointerException && isSearchOfContext(thrown)
        ? Optional.of(ClosingReason.TARGET)
        : Optional.empty();
  }

  /** Returns whether the server has searched the context for a path that is null. */
  private static boolean isSearchOfContext(Throwable thrown) {
    return Arrays.stream(thrown.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("findContext"));
  }

  /**
   * Returns whether the server closes a connection that it would keep otherwise. The record is that
   * of any other close, so only the calling method shows the reason.
   */
  private static boolean exceedsIdleLimit() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("markIdle")));
  }

  private static boolean exceedsLimit(Throwable thrown) {
    var message = thrown.getMessage();
    return message != null
        && (message.startsWith("Maximum header") || message.startsWith("Maximum number of"));
  }

  /**
   * A reply without a reason is a response of this service, or {@code 100 Continue}. The record of
   * a page is {@code REQUEST LINE [400 Bad Request] (reason)}.
   */
  private static boolean isBuiltInPage(String message) {
    var status = message.lastIndexOf(" [");
    return status > 0 && message.indexOf("] (", status) > 0 && !message.endsWith("] ()");
  }
}
