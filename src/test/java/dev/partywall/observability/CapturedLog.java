package dev.partywall.observability;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;

/** Loggers of their own, whose lines a test can read. */
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

  /** All lines so far, each held to its form. */
  List<JsonNode> lines() {
    return raw().stream().map(JsonLines::parse).toList();
  }

  /** The only line so far. */
  JsonNode line() {
    var lines = lines();
    if (lines.size() != 1) {
      throw new AssertionError("not one line: " + lines);
    }
    return lines.getFirst();
  }

  List<String> raw() {
    try {
      if (!factory.flush(Duration.ofSeconds(30))) {
        throw new AssertionError("the log does not come out");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
