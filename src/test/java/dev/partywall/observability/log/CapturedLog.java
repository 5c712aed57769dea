package dev.partywall.observability.log;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;

/** A separate logger factory with readable output. */
public final class CapturedLog {
  public static final Instant NOW = Instant.parse("2026-11-23T08:00:00.123456789Z");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final JsonLoggerFactory factory;

  /** Creates a log whose clock always shows {@link #NOW}. */
  public CapturedLog() {
    this(InstantSource.fixed(NOW));
  }

  /** Creates a log with a clock. */
  public CapturedLog(InstantSource clock) {
    factory = new JsonLoggerFactory(out, clock);
  }

  /** Returns a logger that writes to this log. */
  public Logger logger(String name) {
    return factory.getLogger(name);
  }

  /** Returns the factory of the loggers. */
  public JsonLoggerFactory factory() {
    return factory;
  }

  /** Returns all lines so far, each validated. */
  public List<JsonNode> lines() {
    return rawLines().stream().map(LogLineParser::parse).toList();
  }

  /** Returns the only line so far. */
  public JsonNode singleLine() {
    var lines = lines();
    if (lines.size() != 1) {
      throw new AssertionError("expected exactly one line: " + lines);
    }
    return lines.getFirst();
  }

  /** Returns all lines so far as they were written. */
  public List<String> rawLines() {
    try {
      if (!factory.flush(Duration.ofSeconds(30))) {
        throw new AssertionError("the log was not flushed in time");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
