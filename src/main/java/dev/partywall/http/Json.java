package dev.partywall.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON as this service takes and gives it: RFC 8259 in UTF-8, strictly (RFC 7493 where that is
 * stricter: no name twice, no half of a surrogate pair). Two parsers must not be able to read one
 * body in two ways.
 */
public final class Json {
  private static final int DEPTH = 32;
  private static final int NUMBER = 100;
  private static final int NAME = 256;
  private static final int DOCUMENT = 16 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // One character, not two escapes of six bytes each.
                  .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH)
                          .maxNumberLength(NUMBER)
                          .maxNameLength(NAME)
                          .maxStringLength(DOCUMENT)
                          .maxDocumentLength(DOCUMENT)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private Json() {}

  /** What is to be written, piece by piece. */
  @FunctionalInterface
  public interface Content {
    /** Writes one JSON value. */
    void write(JsonGenerator out) throws IOException;
  }

  /**
   * The one JSON value that these bytes are.
   *
   * @throws Refused as {@link Refusal.Malformed} when they are not exactly that; the detail says
   *     where and never quotes
   */
  public static JsonNode parse(byte[] bytes) {
    try (var parser = MAPPER.createParser(utf8(bytes))) {
      JsonNode value = MAPPER.readTree(parser);
      if (value == null) {
        throw malformed("the body is empty");
      }
      if (parser.nextToken() != null) {
        throw malformed("something follows the JSON value");
      }
      Surrogates.check(value);
      return value;
    } catch (JsonProcessingException e) {
      throw malformed(reason(e));
    } catch (CharacterCodingException e) {
      throw malformed("the body is not UTF-8");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of a JSON value. */
  public static byte[] write(JsonNode value) {
    return write(out -> MAPPER.writeTree(out, value));
  }

  /** The bytes of a JSON value that is written piece by piece, without a tree. */
  public static byte[] write(Content content) {
    try (var bytes = new ByteArrayBuilder(512)) {
      try (var out = MAPPER.createGenerator(bytes)) {
        content.write(out);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Refused malformed(String detail) {
    return new Refused(new Refusal.Malformed(detail));
  }

  /** Jackson's own decoder lets some of what is no UTF-8 pass. */
  private static String utf8(byte[] bytes) throws CharacterCodingException {
    var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    if (text.startsWith("\uFEFF")) {
      throw malformed("the body starts with a byte order mark");
    }
    return text;
  }

  private static String reason(JsonProcessingException e) {
    var what =
        switch (e) {
          case StreamConstraintsException _ -> "the body is too deep, or holds too long a number";
          case JsonParseException _ -> "the body is not JSON";
          default -> "the body holds a name twice";
        };
    var where = e.getLocation();
    return where == null
        ? what
        : what + ": line " + where.getLineNr() + ", column " + where.getColumnNr();
  }
}
