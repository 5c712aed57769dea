package dev.partywall.observability;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Parses the lines that {@link AuditChain} writes and verifies each entry's hash. */
final class AuditLineReader {
  private static final int HASH_LENGTH = 64;
  private static final String BEFORE_HASH = ",\"hash\":\"";
  private static final int TAIL_LENGTH = BEFORE_HASH.length() + HASH_LENGTH + "\"}".length();

  private final JsonMapper json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Classifies a line, in which each character represents one byte. */
  AuditLine read(String line) {
    if (!line.contains("\"logger\":\"audit")) {
      return new AuditLine.Other();
    }
    var object = line.substring(Math.max(0, line.indexOf('{')));
    try {
      return read(object, json.readTree(object));
    } catch (JsonProcessingException e) {
      return new AuditLine.Broken("line is not valid JSON");
    }
  }

  private static AuditLine read(String object, JsonNode node) {
    return switch (text(node, "logger")) {
      case AuditChain.LOGGER -> entry(object, node);
      case AuditChain.HEAD_LOGGER ->
          new AuditLine.Head(text(node, "chain"), seq(node), text(node, "head"));
      default -> new AuditLine.Other();
    };
  }

  private static AuditLine entry(String object, JsonNode node) {
    var end = object.length() - TAIL_LENGTH;
    if (end < 0 || !object.startsWith(BEFORE_HASH, end) || seq(node) < 0) {
      return new AuditLine.Broken("entry outside any chain");
    }
    var chain = text(node, "chain");
    var hash = AuditChain.hash(object.substring(0, end));
    if (!hash.equals(text(node, "hash"))) {
      return new AuditLine.Broken(
          "entry " + seq(node) + " of chain " + chain + " does not match its hash");
    }
    var previous = text(node, "previous");
    return new AuditLine.Entry(
        chain, seq(node), text(node, "action"), text(node, "after"), previous, hash);
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asText("");
  }

  private static long seq(JsonNode node) {
    return node.path("seq").isIntegralNumber() ? node.path("seq").asLong() : -1;
  }
}
