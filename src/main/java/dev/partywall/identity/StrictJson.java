package dev.partywall.identity;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON in which nothing is open to a second reading: UTF-8 without a byte order mark, no
 * member twice, nothing behind the end, bounded depth and numbers (RFC 8725, section 3.7, and RFC
 * 7519, section 4).
 */
final class StrictJson {
  private static final StreamReadConstraints BOUNDS =
      StreamReadConstraints.builder().maxNestingDepth(20).maxNumberLength(64).build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(BOUNDS).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * Reads one object.
   *
   * @throws IOException when it is none
   */
  static JsonNode object(byte[] utf8) throws IOException {
    // A parser that is given bytes guesses their encoding; one that is given characters can't.
    var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    var node = MAPPER.readTree(text);
    if (!node.isObject()) {
      throw new IOException("not a JSON object");
    }
    return node;
  }
}
