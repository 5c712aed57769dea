package dev.partywall.storage;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A page of a query's items. Only the last page is shorter than the limit.
 *
 * @param next the id after which the next page starts, for {@link Query#after(String)}; empty on
 *     the last page
 */
public record Page(List<Item> items, Optional<String> next) {
  /**
   * Returns the page as JSON, if the documents of the items are JSON: {@code
   * {"orders":[…],"next":"…"}}. The last page has no member {@code next}.
   *
   * @param member the name of the member with the items; must need no escaping
   * @param cursor returns the cursor for the position of the next page; must need no escaping
   */
  public String toJson(String member, UnaryOperator<String> cursor) {
    // Joins the stored documents instead of parsing and writing each.
    var end = next.map(id -> "],\"next\":\"" + cursor.apply(id) + "\"}").orElse("]}");
    return items.stream()
        .map(Item::document)
        .collect(Collectors.joining(",", "{\"" + member + "\":[", end));
  }
}
