package dev.partywall.observability;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** What a line of a log is to the verifier. */
sealed interface AuditLine {
  /** A line of somebody else. */
  record Other() implements AuditLine {}

  /** A line that says that it is an entry, and is none. */
  record Broken(String why) implements AuditLine {}

  /** An entry whose hash is that of its bytes; {@code after} is the chain before, on the first. */
  record Entry(String chain, long seq, String action, String after, String previous, String hash)
      implements AuditLine {}

  /** How far a chain had come. */
  record Head(String chain, long seq, String hash) implements AuditLine {}

  /** Reads a line, of which each character is a byte. */
  static AuditLine parse(String line) {
    if (!line.contains("\"logger\":\"audit")) {
      return new Other();
    }
    var json = line.substring(Math.max(0, line.indexOf('{')));
    try {
      var node = Form.STRICT.readTree(json);
      return switch (node.path("logger").asText()) {
        case AuditChain.LOGGER -> Form.entry(json, node);
        case AuditChain.HEAD_LOGGER ->
            new Head(
                Form.text(node, "chain"), node.path("seq").asLong(-1), Form.text(node, "head"));
        default -> new Other();
      };
    } catch (JsonProcessingException e) {
      return new Broken("the line can't be read");
    }
  }

  /** An entry's form on its line. */
  final class Form {
    static final JsonMapper STRICT =
        JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int HASH = 64;
    private static final String BEFORE_HASH = ",\"hash\":\"";
    private static final int TAIL = BEFORE_HASH.length() + HASH + "\"}".length();

    private Form() {}

    static AuditLine entry(String json, JsonNode node) {
      var end = json.length() - TAIL;
      if (end < 0 || !json.startsWith(BEFORE_HASH, end) || !node.path("seq").isIntegralNumber()) {
        return new Broken("an entry outside of any chain");
      }
      var hash = AuditChain.hash(json.substring(0, end));
      if (!hash.equals(text(node, "hash"))) {
        return new Broken(
            "entry %d of chain %s does not have its hash"
                .formatted(node.path("seq").asLong(), text(node, "chain")));
      }
      return new Entry(
          text(node, "chain"),
          node.path("seq").asLong(),
          text(node, "action"),
          text(node, "after"),
          text(node, "previous"),
          hash);
    }

    static String text(JsonNode node, String name) {
      return node.path(name).asText("");
    }
  }
}
