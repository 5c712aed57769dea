package dev.partywall.observability.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Validates log lines: each line is one JSON object in ASCII with unique names. */
public final class LogLineParser {
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();
  private static final List<String> FIRST_NAMES =
      List.of("timestamp", "level", "logger", "message");
  private static final Set<String> LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

  private LogLineParser() {}

  /**
   * Parses a line.
   *
   * @throws AssertionError if the line is invalid
   */
  public static JsonNode parse(String line) {
    if (!line.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      throw new AssertionError("line contains a character other than printable ASCII: " + line);
    }
    try {
      var node = STRICT.readTree(line);
      check(node, line);
      return node;
    } catch (JsonProcessingException e) {
      throw new AssertionError("line is not valid JSON: " + line, e);
    }
  }

  private static void check(JsonNode node, String line) {
    var names = node.propertyStream().map(java.util.Map.Entry::getKey).limit(4).toList();
    if (!names.equals(FIRST_NAMES)
        || !LEVELS.contains(node.get("level").textValue())
        || !node.get("message").isTextual()) {
      throw new AssertionError("line lacks a standard field: " + line);
    }
    Instant.parse(node.get("timestamp").textValue());
  }
}
