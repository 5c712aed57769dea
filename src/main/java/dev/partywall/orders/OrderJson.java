package dev.partywall.orders;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Json;
import dev.partywall.http.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * An order as JSON. It is stored as it is given to callers, so that a list is made of what was
 * stored without looking into it; a field that callers shall not see must not go in here.
 */
final class OrderJson {
  /** RFC 3339, always in UTC and with milliseconds, so that the texts sort as the times do. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private OrderJson() {}

  static String write(Order order) {
    return new String(Json.write(out -> write(out, order)), StandardCharsets.UTF_8);
  }

  /** The order that was written so. */
  static Order read(String json) {
    var order = parse(json);
    return new Order(
        order.required("id").textValue(),
        OrderStatus.of(order.required("status").textValue()).orElseThrow(),
        order.required("userId").textValue(),
        order.required("currency").textValue(),
        lines(order.required("items")),
        order.required("total").longValue(),
        Optional.ofNullable(order.path("note").textValue()),
        Instant.parse(order.required("createdAt").textValue()),
        Instant.parse(order.required("updatedAt").textValue()),
        order.required("version").longValue());
  }

  /** What was stored; that it can't be read is a fault of ours, and not of who asks for it. */
  static JsonNode parse(String stored) {
    try {
      return Json.parse(stored.getBytes(StandardCharsets.UTF_8));
    } catch (Refused refused) {
      throw new IllegalStateException("a document that was stored is no JSON", refused);
    }
  }

  private static List<Line> lines(JsonNode items) {
    return StreamSupport.stream(items.spliterator(), false)
        .map(line ->
            new Line(
                line.required("sku").textValue(),
                line.required("name").textValue(),
                line.required("quantity").longValue(),
                line.required("unitPrice").longValue()))
        .toList();
  }

  private static void write(JsonGenerator out, Order order) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", order.id());
    out.writeStringField("status", order.status().word());
    out.writeStringField("userId", order.userId());
    out.writeStringField("currency", order.currency());
    out.writeArrayFieldStart("items");
    for (var line : order.items()) {
      write(out, line);
    }
    out.writeEndArray();
    out.writeNumberField("total", order.total());
    if (order.note().isPresent()) {
      out.writeStringField("note", order.note().get());
    }
    out.writeStringField("createdAt", TIME.format(order.createdAt()));
    out.writeStringField("updatedAt", TIME.format(order.updatedAt()));
    out.writeNumberField("version", order.version());
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, Line line) throws IOException {
    out.writeStartObject();
    out.writeStringField("sku", line.sku());
    out.writeStringField("name", line.name());
    out.writeNumberField("quantity", line.quantity());
    out.writeNumberField("unitPrice", line.unitPrice());
    out.writeEndObject();
  }
}
