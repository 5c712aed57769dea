package dev.partywall.operations.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.json.MalformedJsonException;
import dev.partywall.storage.IndexKeys;
import dev.partywall.storage.Key;
import dev.partywall.storage.content.StoredItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The lines of an export. Each line is a JSON object without white space, with its members in a
 * fixed order, and ends with a line feed. Equal contents therefore have equal lines. A line that is
 * read can have its members in any order, and white space.
 */
public final class ExportFormat {
  /** The name and the version of the format. */
  public static final String NAME = "partywall-export/1";

  private static final Set<String> ITEM_MEMBERS =
      Set.of("collection", "id", "version", "labels", "document");

  /** An item is in both indexes or in none. */
  private static final int LABELS = 2;

  private ExportFormat() {}

  /**
   * The first line.
   *
   * @param at the start of the export; with full milliseconds
   */
  public record Header(String service, String tenant, int incarnation, Instant at) {
    private static final Set<String> MEMBERS =
        Set.of("format", "service", "tenant", "incarnation", "at");

    /** Returns the line. */
    public byte[] line() {
      return ExportFormat.line(json -> {
        json.writeStringField("format", NAME);
        json.writeStringField("service", service);
        json.writeStringField("tenant", tenant);
        json.writeNumberField("incarnation", incarnation);
        json.writeStringField("at", Json.time(at));
      });
    }

    /**
     * Reads the line.
     *
     * @throws IllegalArgumentException if it is no header of this format
     */
    public static Header read(JsonNode line) {
      if (!line.path("format").asText().equals(NAME)) {
        throw new IllegalArgumentException("does not have the format " + NAME);
      }
      requireMembers(line, MEMBERS);
      return new Header(
          text(line, "service"),
          text(line, "tenant"),
          Math.toIntExact(integer(line, "incarnation")),
          time(text(line, "at")));
    }

    private static Instant time(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException _) {
        throw new IllegalArgumentException("has an invalid time");
      }
    }
  }

  /**
   * The last line.
   *
   * @param counts the number of items of each collection
   * @param sha256 the hash of all earlier bytes, in lower-case hexadecimal
   */
  public record Trailer(Map<String, Long> counts, String sha256) {
    private static final Set<String> MEMBERS = Set.of("counts", "sha256");

    /** Copies the map, which makes the record immutable. */
    public Trailer {
      counts = Map.copyOf(counts);
    }

    /** Returns the line. */
    public byte[] line() {
      return ExportFormat.line(json -> {
        json.writeObjectFieldStart("counts");
        for (var count : new TreeMap<>(counts).entrySet()) {
          json.writeNumberField(count.getKey(), count.getValue());
        }
        json.writeEndObject();
        json.writeStringField("sha256", sha256);
      });
    }

    /**
     * Reads the line.
     *
     * @throws IllegalArgumentException if it is no trailer
     */
    public static Trailer read(JsonNode line) {
      requireMembers(line, MEMBERS);
      var counts = new TreeMap<String, Long>();
      for (var count : line.get("counts").properties()) {
        counts.put(count.getKey(), integer(line.get("counts"), count.getKey()));
      }
      return new Trailer(counts, text(line, "sha256"));
    }

    /** Returns whether a line is the trailer: no item has this member. */
    public static boolean isTrailer(JsonNode line) {
      return line.has("counts");
    }
  }

  /**
   * Returns the line of an item. The document is the stored JSON object; if the stored text is no
   * JSON object in the form in which {@link Json} writes it, the document is the text as a string.
   */
  public static byte[] line(StoredItem item) {
    return line(json -> {
      json.writeStringField("collection", item.key().collection());
      json.writeStringField("id", item.key().id());
      json.writeNumberField("version", item.version());
      json.writeArrayFieldStart("labels");
      if (item.labels().isPresent()) {
        json.writeString(item.labels().get().i1());
        json.writeString(item.labels().get().i2());
      }
      json.writeEndArray();
      writeDocument(item.document(), json);
    });
  }

  private static void writeDocument(String document, JsonGenerator json) throws IOException {
    json.writeFieldName("document");
    if (isObject(document)) {
      json.writeRawValue(document);
    } else {
      json.writeString(document);
    }
  }

  private static boolean isObject(String document) {
    if (!document.startsWith("{")) {
      return false;
    }
    var bytes = document.getBytes(StandardCharsets.UTF_8);
    try {
      return Arrays.equals(Json.write(Json.parse(bytes)), bytes);
    } catch (MalformedJsonException _) {
      return false;
    }
  }

  /**
   * Reads the line of an item.
   *
   * @throws IllegalArgumentException if it is no line of an item, or its key or a label is invalid
   */
  public static StoredItem read(JsonNode line) {
    requireMembers(line, ITEM_MEMBERS);
    return new StoredItem(
        new Key(text(line, "collection"), text(line, "id")),
        integer(line, "version"),
        labels(line.get("labels")),
        document(line.get("document")));
  }

  private static Optional<IndexKeys> labels(JsonNode labels) {
    if (!labels.isArray() || (!labels.isEmpty() && labels.size() != LABELS)) {
      throw new IllegalArgumentException("the member labels is not an array of no or two labels");
    }
    return labels.isEmpty()
        ? Optional.empty()
        : Optional.of(new IndexKeys(label(labels.get(0)), label(labels.get(1))));
  }

  private static String label(JsonNode label) {
    if (!label.isTextual()) {
      throw new IllegalArgumentException("a label is not a string");
    }
    return label.textValue();
  }

  private static String document(JsonNode document) {
    requireUnicode(document);
    if (document.isTextual()) {
      requireOtherText(document.textValue());
      return document.textValue();
    }
    if (!document.isObject()) {
      throw new IllegalArgumentException("the member document is not an object");
    }
    return new String(Json.write(document), StandardCharsets.UTF_8);
  }

  /** The line of this item would contain the object itself. */
  private static void requireOtherText(String document) {
    if (isObject(document)) {
      throw new IllegalArgumentException("the member document has an object as a string");
    }
  }

  /** DynamoDB stores UTF-8, which has no form for one half of a surrogate pair. */
  private static void requireUnicode(JsonNode value) {
    if (hasSurrogate(value.asText())
        || value.properties().stream().anyMatch(member -> hasSurrogate(member.getKey()))) {
      throw new IllegalArgumentException("the member document has a character without its pair");
    }
    value.forEach(ExportFormat::requireUnicode);
  }

  private static boolean hasSurrogate(String text) {
    return text.codePoints().anyMatch(ExportFormat::isSurrogate);
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static void requireMembers(JsonNode line, Set<String> members) {
    if (!line.isObject()) {
      throw new IllegalArgumentException("is not a JSON object");
    }
    for (var member : new TreeSet<>(members)) {
      if (!line.has(member)) {
        throw new IllegalArgumentException("the member " + member + " is missing");
      }
    }
    if (line.size() > members.size()) {
      throw new IllegalArgumentException("has an unknown member");
    }
  }

  private static String text(JsonNode line, String member) {
    if (!line.get(member).isTextual()) {
      throw new IllegalArgumentException("the member " + member + " is not a string");
    }
    return line.get(member).textValue();
  }

  private static long integer(JsonNode line, String member) {
    var value = line.get(member);
    if (!value.canConvertToExactIntegral() || !value.canConvertToLong() || value.longValue() < 0) {
      throw new IllegalArgumentException("the member " + member + " is not a whole number");
    }
    return value.longValue();
  }

  private static byte[] line(Json.Content members) {
    return Json.write(json -> {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
      json.writeRaw('\n');
    });
  }
}
