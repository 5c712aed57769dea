package dev.partywall.bench.orders;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The response of {@code GET /orders}, in either stored form. */
public sealed interface Page {
  /** Stored as one attribute per field: mapped to objects, which the framework writes as JSON. */
  record Orders(List<Order> orders) implements Page {
    static Page of(List<Map<String, AttributeValue>> items) {
      return new Orders(items.stream().map(Order::of).toList());
    }
  }

  /** Stored as JSON, as in the product: returned without parsing. */
  record Documents(@JsonRawValue String orders) implements Page {
    static Page of(List<Map<String, AttributeValue>> items) {
      return new Documents(
          items.stream()
              .map(item -> item.get("doc").s())
              .collect(Collectors.joining(",", "[", "]")));
    }
  }
}
