package dev.partywall.orders;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Converts orders to JSON and back. The stored JSON equals the API's JSON, so a list joins stored
 * documents without parsing them. Fields that callers must not see must therefore not be added
 * here.
 */
final class OrderJson {
  private OrderJson() {}

  static String write(Order order) {
    return Json.text(out -> write(out, order));
  }

  /** Returns the order in a stored document. */
  static Order read(String json) {
    var order = Json.parseStored(json);
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

  private static List<OrderLine> lines(JsonNode items) {
    return StreamSupport.stream(items.spliterator(), false)
        .map(line ->
            new OrderLine(
                line.required("sku").textValue(),
                line.required("name").textValue(),
                line.required("quantity").longValue(),
                line.required("unitPrice").longValue()))
        .toList();
  }

  private static void write(JsonGenerator out, Order order) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", order.id());
    out.writeStringField("status", order.status().apiName());
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
    out.writeStringField("createdAt", Json.time(order.createdAt()));
    out.writeStringField("updatedAt", Json.time(order.updatedAt()));
    out.writeNumberField("version", order.version());
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, OrderLine line) throws IOException {
    out.writeStartObject();
    out.writeStringField("sku", line.sku());
    out.writeStringField("name", line.name());
    out.writeNumberField("quantity", line.quantity());
    out.writeNumberField("unitPrice", line.unitPrice());
    out.writeEndObject();
  }
}
