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
 * Strict JSON as RFC 8259 defines it: no duplicate members, no trailing data, limited nesting
 * depth. Two parsers may read lenient JSON differently, but IAM enforcement and engine must read
 * the same.
 */
public final class StrictJson {
  /** DynamoDB allows 32 nested attribute values, with two levels each. */
  private static final int MAX_DEPTH = 80;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private StrictJson() {}

  /**
   * Parses one JSON object.
   *
   * @throws IOException if the text is not a JSON object
   */
  public static ObjectNode object(byte[] text) throws IOException {
    return object(MAPPER.readTree(text));
  }

  /**
   * Parses one JSON object.
   *
   * @throws IOException if the text is not a JSON object
   */
  public static ObjectNode object(String text) throws IOException {
    return object(MAPPER.readTree(text));
  }

  /** Returns an empty object. */
  public static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  /** Returns the node as JSON in UTF-8. */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      // An unpaired surrogate is valid JSON but has no UTF-8 encoding.
      throw new AwsFault(
          AwsErrorCode.SERIALIZATION, "No UTF-8 encoding: " + e.getOriginalMessage());
    }
  }

  private static ObjectNode object(JsonNode node) throws IOException {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IOException("Not a JSON object");
  }
}
