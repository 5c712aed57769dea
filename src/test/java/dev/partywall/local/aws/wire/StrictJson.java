package dev.partywall.local.aws.wire;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * JSON as RFC 8259 writes it, and nothing more: no member twice, nothing behind the end, no depth
 * that hurts. Two parsers can read a lax text differently, and a wall must read what the engine
 * reads.
 */
public final class StrictJson {
  /** DynamoDB nests attribute values 32 deep, two levels each. */
  private static final int DEPTH = 80;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private StrictJson() {}

  /**
   * Reads one JSON object.
   *
   * @throws IOException where the text is anything else
   */
  public static ObjectNode object(byte[] text) throws IOException {
    return object(MAPPER.readTree(text));
  }

  /**
   * Reads one JSON object.
   *
   * @throws IOException where the text is anything else
   */
  public static ObjectNode object(String text) throws IOException {
    return object(MAPPER.readTree(text));
  }

  /** An object to fill. */
  public static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  /** The node as JSON text in UTF-8. */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      // Half of a surrogate pair: readable, but no text in UTF-8.
      throw new AwsFault(Code.SERIALIZATION, "not writable as UTF-8: " + e.getOriginalMessage());
    }
  }

  private static ObjectNode object(JsonNode node) throws IOException {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IOException("not a JSON object");
  }
}
