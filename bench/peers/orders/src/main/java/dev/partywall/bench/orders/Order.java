package dev.partywall.bench.orders;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An order in the response. */
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

  /** An item of an order. */
  public record Line(String sku, String name, int quantity, long unitPrice) {
    static Line of(AttributeValue line) {
      var attributes = line.m();
      return new Line(
          attributes.get("sku").s(),
          attributes.get("name").s(),
          Integer.parseInt(attributes.get("quantity").n()),
          Long.parseLong(attributes.get("unitPrice").n()));
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
