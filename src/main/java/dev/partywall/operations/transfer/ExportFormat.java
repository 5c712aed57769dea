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
import java.util.TreeMap;

/**
 * The lines of an export. Each line is a JSON object without white space, with its members in a
 * fixed order, and ends with a line feed. Equal contents therefore have equal lines, and a line
 * that is read is accepted only if it equals the line of its content.
 */
public final class ExportFormat {
  /** The name and the version of the format. */
  public static final String NAME = "partywall-export/1";

  private ExportFormat() {}

  /**
   * The first line.
   *
   * @param at the start of the export; with full milliseconds
   */
  public record Header(String service, String tenant, int incarnation, Instant at) {
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
    public static Header read(byte[] line) {
      var json = Json.parse(line);
      if (!json.path("format").asText().equals(NAME)) {
        throw new IllegalArgumentException("does not have the format " + NAME);
      }
      var header =
          new Header(
              json.path("service").asText(),
              json.path("tenant").asText(),
              json.path("incarnation").asInt(),
              time(json.path("at").asText()));
      requireEqual(line, header.line());
      return header;
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
    public static Trailer read(byte[] line) {
      var json = Json.parse(line);
      var counts = new TreeMap<String, Long>();
      json.path("counts")
          .properties()
          .forEach(count -> counts.put(count.getKey(), count.getValue().asLong()));
      var trailer = new Trailer(counts, json.path("sha256").asText());
      requireEqual(line, trailer.line());
      return trailer;
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
   * @throws MalformedJsonException if it is not JSON
   * @throws IllegalArgumentException if it is no line of an item, or its key or a label is invalid
   */
  public static StoredItem read(byte[] line) {
    var json = Json.parse(line);
    var item =
        new StoredItem(
            new Key(json.path("collection").asText(), json.path("id").asText()),
            json.path("version").asLong(),
            labels(json.path("labels")),
            document(json.path("document")));
    requireEqual(line, line(item));
    return item;
  }

  private static Optional<IndexKeys> labels(JsonNode labels) {
    return labels.isEmpty()
        ? Optional.empty()
        : Optional.of(new IndexKeys(labels.path(0).asText(), labels.path(1).asText()));
  }

  private static String document(JsonNode document) {
    return document.isTextual()
        ? document.textValue()
        : new String(Json.write(document), StandardCharsets.UTF_8);
  }

  private static void requireEqual(byte[] line, byte[] expected) {
    if (!Arrays.equals(line, expected)) {
      throw new IllegalArgumentException("is not a line of an export in its exact form");
    }
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
