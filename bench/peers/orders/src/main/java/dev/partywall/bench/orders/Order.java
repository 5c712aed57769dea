package dev.partywall.bench.orders;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An order, as it is answered. */
public record Order(
    String id,
    String status,
    String userId,
    String currency,
    List<Line> items,
    long total,
    String note,
    String createdAt,
    String updatedAt,
    int version) {

  /** What was ordered. */
  public record Line(String sku, String name, int quantity, long unitPrice) {
    static Line of(AttributeValue line) {
      var m = line.m();
      return new Line(
          m.get("sku").s(),
          m.get("name").s(),
          Integer.parseInt(m.get("quantity").n()),
          Long.parseLong(m.get("unitPrice").n()));
    }
  }

  static Order of(Map<String, AttributeValue> item) {
    return new Order(
        item.get("id").s(),
        item.get("status").s(),
        item.get("userId").s(),
        item.get("currency").s(),
        item.get("items").l().stream().map(Line::of).toList(),
        Long.parseLong(item.get("total").n()),
        item.get("note").s(),
        item.get("createdAt").s(),
        item.get("updatedAt").s(),
        Integer.parseInt(item.get("version").n()));
  }
}
