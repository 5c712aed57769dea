package dev.partywall.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Parses and writes JSON (RFC 8259) in UTF-8. The parser rejects duplicate names and unpaired
 * surrogates (RFC 7493, sections 2.1 and 2.3), which other parsers interpret differently.
 */
public final class Json {
  /** The maximum number of nested arrays and objects. */
  private static final int MAX_DEPTH = 32;

  /** Each of them takes about 20 KB. */
  private static final int POOLED_BUFFERS = 64;

  // The following limits are in characters.
  private static final int MAX_NUMBER_LENGTH = 100;
  private static final int MAX_NAME_LENGTH = 256;
  private static final int MAX_DOCUMENT_LENGTH = 16 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // Four bytes for a character above U+FFFF, not two escapes of six bytes each.
                  .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                  // The default pool has buffers for each thread, and so for each request.
                  .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxNameLength(MAX_NAME_LENGTH)
                          .maxStringLength(MAX_DOCUMENT_LENGTH)
                          .maxDocumentLength(MAX_DOCUMENT_LENGTH)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Json() {}

  /**
   * Returns a time as RFC 3339, always in UTC with milliseconds: lexical order equals chronological
   * order.
   */
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** The content of a JSON document, written with a generator instead of built as a tree. */
  @FunctionalInterface
  public interface Content {
    /** Writes exactly one JSON value. */
    void write(JsonGenerator out) throws IOException;
  }

  /**
   * Parses bytes that contain exactly one JSON value.
   *
   * @throws MalformedJsonException if the bytes are anything else
   */
  public static JsonNode parse(byte[] bytes) {
    try (var parser = MAPPER.createParser(utf8(bytes))) {
      JsonNode value = MAPPER.readTree(parser);
      if (value == null) {
        throw new MalformedJsonException("is empty");
      }
      if (parser.nextToken() != null) {
        throw new MalformedJsonException("contains more than one JSON value");
      }
      SurrogateCheck.check(value);
      return value;
    } catch (JsonProcessingException e) {
      throw new MalformedJsonException(reason(e));
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException("is not UTF-8");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Parses a stored document. A failure is an internal error, not an error of the caller.
   *
   * @throws IllegalStateException if the document is not exactly one JSON value
   */
  public static JsonNode parseStored(String document) {
    try {
      return parse(document.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("a stored document is not valid JSON", e);
    }
  }

  /** Returns the UTF-8 encoding of a JSON value. */
  public static byte[] write(JsonNode value) {
    return write(out -> MAPPER.writeTree(out, value));
  }

  /** Returns the UTF-8 encoding of the content. */
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

  /** Returns the JSON text of the content. */
  public static String text(Content content) {
    return new String(write(content), StandardCharsets.UTF_8);
  }

  /** Decodes strictly, because Jackson's decoder accepts some invalid UTF-8. */
  private static String utf8(byte[] bytes) throws CharacterCodingException {
    var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    if (text.startsWith("\uFEFF")) {
      throw new MalformedJsonException("starts with a byte order mark");
    }
    return text;
  }

  private static String reason(JsonProcessingException e) {
    var position = e.getLocation();
    return position == null
        ? violation(e)
        : violation(e) + ": line " + position.getLineNr() + ", column " + position.getColumnNr();
  }

  private static String violation(JsonProcessingException e) {
    return switch (e) {
      case StreamConstraintsException _ -> "exceeds the limits on nesting, numbers or names";
      case JsonParseException _ -> "is not JSON";
      // The only other violation that the mapper reports (FAIL_ON_READING_DUP_TREE_KEY).
      default -> "contains a duplicate name";
    };
  }

  /**
   * Rejects unpaired surrogates, which JSON can escape ({@code "\ud800"}) and UTF-8 cannot encode.
   * The service could accept such a string, but could not return it in a response.
   */
  private static final class SurrogateCheck {
    private SurrogateCheck() {}

    /** Checks all strings and names, recursively; the parser limits the depth. */
    static void check(JsonNode value) {
      if (value.isTextual()) {
        check(value.textValue());
      } else if (value.isObject()) {
        value
            .properties()
            .forEach(property -> {
              check(property.getKey());
              check(property.getValue());
            });
      } else {
        value.forEach(SurrogateCheck::check);
      }
    }

    private static void check(String text) {
      for (var i = 0; i < text.length(); i++) {
        if (Character.isSurrogate(text.charAt(i))) {
          if (Character.charCount(text.codePointAt(i)) == 1) {
            throw new MalformedJsonException("contains an unpaired surrogate");
          }
          i++;
        }
      }
    }
  }
}
