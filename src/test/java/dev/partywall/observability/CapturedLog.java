package dev.partywall.observability;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;

/** A separate logger factory with readable output. */
final class CapturedLog {
  static final Instant NOW = Instant.parse("2026-11-23T08:00:00.123456789Z");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final JsonLoggerFactory factory;

  CapturedLog() {
    this(InstantSource.fixed(NOW));
  }

  CapturedLog(InstantSource clock) {
    factory = new JsonLoggerFactory(out, clock);
  }

  Logger logger(String name) {
    return factory.getLogger(name);
  }

  JsonLoggerFactory factory() {
    return factory;
  }

  /** Returns all lines so far, each validated. */
  List<JsonNode> lines() {
    return rawLines().stream().map(LogLineParser::parse).toList();
  }

  /** Returns the only line so far. */
  JsonNode singleLine() {
    var lines = lines();
    if (lines.size() != 1) {
      throw new AssertionError("expected exactly one line: " + lines);
    }
    return lines.getFirst();
  }

  List<String> rawLines() {
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
