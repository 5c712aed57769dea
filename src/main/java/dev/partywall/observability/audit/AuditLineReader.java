package dev.partywall.observability.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Parses the lines that {@link AuditWriter} writes and verifies each entry's hash. */
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
      return isEmbedded(line) ? new AuditLine.EmbeddedEntry() : new AuditLine.OtherLine();
    }
    var object = line.substring(Math.max(0, line.indexOf('{')));
    try {
      return read(object, json.readTree(object));
    } catch (JsonProcessingException e) {
      return new AuditLine.InvalidEntry("line is not valid JSON");
    }
  }

  /** A line of the service itself, which has a logger, can quote an entry in its message. */
  private static boolean isEmbedded(String line) {
    return line.contains("\\\"logger\\\":\\\"audit\\\"") && !line.contains("\"logger\":\"");
  }

  private static AuditLine read(String object, JsonNode node) {
    return switch (text(node, "logger")) {
      case AuditWriter.LOGGER -> entry(object, node);
      case AuditWriter.HEAD_LOGGER ->
          new AuditLine.ChainHead(text(node, "chain"), seq(node), text(node, "head"));
      default -> new AuditLine.OtherLine();
    };
  }

  private static AuditLine entry(String object, JsonNode node) {
    var end = object.length() - TAIL_LENGTH;
    if (end < 0 || !object.startsWith(BEFORE_HASH, end) || seq(node) < 0) {
      return new AuditLine.InvalidEntry("entry outside any chain");
    }
    var chain = text(node, "chain");
    var hash = AuditWriter.hash(object.substring(0, end));
    if (!hash.equals(text(node, "hash"))) {
      return new AuditLine.InvalidEntry(
          "entry " + seq(node) + " of chain " + chain + " does not match its hash");
    }
    var previous = text(node, "previous");
    return new AuditLine.AuditEntry(
        chain, seq(node), text(node, "action"), text(node, "after"), previous, hash);
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asText("");
  }

  private static long seq(JsonNode node) {
    return node.path("seq").isIntegralNumber() ? node.path("seq").asLong() : -1;
  }

  /** A log line as classified by the verifier. */
  sealed interface AuditLine {
    /** A line that does not belong to the audit log. */
    record OtherLine() implements AuditLine {}

    /** A line that contains an entry as an escaped text, as some log drivers write it. */
    record EmbeddedEntry() implements AuditLine {}

    /** A line that claims to be an entry but is invalid. */
    record InvalidEntry(String reason) implements AuditLine {}

    /**
     * An entry whose hash matches its bytes.
     *
     * @param after in a chain's first entry, the name of the previous chain, or {@code process} if
     *     the process has just started; otherwise empty
     */
    record AuditEntry(
        String chain, long seq, String action, String after, String previous, String hash)
        implements AuditLine {}

    /** A published chain head: the sequence number and hash of the last entry at that time. */
    record ChainHead(String chain, long seq, String hash) implements AuditLine {}
  }
}
