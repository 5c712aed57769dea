package dev.partywall.bench.orders;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What {@code GET /orders} answers, in either of the forms in which orders can be stored. */
public sealed interface Page {
  /** Stored as an attribute a field: made into objects, and those into JSON by the framework. */
  record Orders(List<Order> orders) implements Page {
    static Page of(List<Map<String, AttributeValue>> items) {
      return new Orders(items.stream().map(Order::of).toList());
    }
  }

  /** Stored as the JSON that callers see, as the product does: passed on without a look inside. */
  record Documents(@JsonRawValue String orders) implements Page {
    static Page of(List<Map<String, AttributeValue>> items) {
      return new Documents(
          items.stream()
              .map(item -> item.get("doc").s())
              .collect(Collectors.joining(",", "[", "]")));
    }
  }
}
