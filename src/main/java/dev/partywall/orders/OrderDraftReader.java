package dev.partywall.orders;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads and validates the JSON body of an order request. */
final class OrderDraftReader {
  /** The fields of a POST body. */
  static final Set<String> PLACE_FIELDS = Set.of("currency", "items", "note");

  /** The fields of a PUT body. */
  static final Set<String> REPLACE_FIELDS = Set.of("currency", "items", "note", "status");

  private static final Set<String> LINE_FIELDS = Set.of("sku", "name", "quantity", "unitPrice");
  private static final Set<String> CURRENCIES =
      Currency.availableCurrencies()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());
  private static final int MAX_LINES = 100;

  private final FieldFaults faults = new FieldFaults();

  private OrderDraftReader() {}

  /**
   * Rejects unknown fields: a misspelt field must not be silently ignored.
   *
   * @throws ApiException with {@link ApiError.Malformed}
   */
  static void rejectUnknown(JsonNode body, Set<String> known) {
    rejectUnknown(body, known, "");
    var items = body.path("items");
    for (int i = 0; i < items.size(); i++) {
      rejectUnknown(items.path(i), LINE_FIELDS, "/items/" + i);
    }
  }

  /**
   * Returns the body's draft.
   *
   * @throws ApiException with {@link ApiError.Invalid} that lists all faults
   */
  static OrderDraft read(JsonNode body) {
    var reader = new OrderDraftReader();
    var draft = reader.draft(body);
    reader.faults.throwIfAny();
    return draft;
  }

  private static void rejectUnknown(JsonNode value, Set<String> known, String pointer) {
    for (var property : value.properties()) {
      if (!known.contains(property.getKey())) {
        var name = property.getKey().replace("~", "~0").replace("/", "~1");
        throw new ApiException(
            new ApiError.Malformed("The field " + pointer + "/" + name + " is unknown."));
      }
    }
  }

  private OrderDraft draft(JsonNode body) {
    if (!body.isObject()) {
      faults.add("", "must be an object");
      return new OrderDraft("", List.of(), Optional.empty(), Optional.empty());
    }
    return new OrderDraft(
        currency(body.path("currency")),
        items(body.path("items")),
        note(body.path("note")),
        status(body.path("status")));
  }

  private String currency(JsonNode value) {
    if (!faults.isMissing(value, "/currency")
        && !(value.isTextual() && CURRENCIES.contains(value.textValue()))) {
      faults.add("/currency", "must be an ISO 4217 code, such as EUR");
    }
    return value.asText();
  }

  private List<OrderLine> items(JsonNode value) {
    if (faults.isMissing(value, "/items")) {
      return List.of();
    }
    if (!value.isArray() || value.isEmpty() || value.size() > MAX_LINES) {
      faults.add("/items", "must be an array of 1 to " + MAX_LINES + " items");
      return List.of();
    }
    var lines = new ArrayList<OrderLine>();
    for (int i = 0; i < value.size(); i++) {
      line(value.path(i), "/items/" + i).ifPresent(lines::add);
    }
    if (OrderDraft.total(lines) > OrderDraft.MAX_TOTAL) {
      faults.add("/items", "must not exceed a total of " + OrderDraft.MAX_TOTAL);
    }
    return List.copyOf(lines);
  }

  private Optional<OrderLine> line(JsonNode value, String pointer) {
    if (!value.isObject()) {
      faults.add(pointer, "must be an object");
      return Optional.empty();
    }
    return Optional.of(
        new OrderLine(
            faults.singleLine(value.path("sku"), pointer + "/sku", 1, 64),
            faults.singleLine(value.path("name"), pointer + "/name", 1, 200),
            faults.integer(
                value.path("quantity"), pointer + "/quantity", 1, OrderLine.MAX_QUANTITY),
            faults.integer(
                value.path("unitPrice"), pointer + "/unitPrice", 0, OrderLine.MAX_UNIT_PRICE)));
  }

  private Optional<String> note(JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(faults.multiLine(value, "/note", 1_000));
  }

  private Optional<OrderStatus> status(JsonNode value) {
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    var status =
        value.isTextual() ? OrderStatus.of(value.textValue()) : Optional.<OrderStatus>empty();
    if (status.isEmpty()) {
      faults.add("/status", "must be placed, paid, shipped, delivered or cancelled");
    }
    return status;
  }
}
