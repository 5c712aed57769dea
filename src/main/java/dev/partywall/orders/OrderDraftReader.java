package dev.partywall.orders;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.Faults;
import dev.partywall.json.CurrencyCodes;
import dev.partywall.json.JsonChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads and validates the JSON body of an order request. */
final class OrderDraftReader {
  /** The fields of a POST body. */
  static final Set<String> PLACE_FIELDS = Set.of("currency", "items", "note");

  /** The fields of a PUT body. */
  static final Set<String> REPLACE_FIELDS = Set.of("currency", "items", "note", "status");

  private static final Set<String> LINE_FIELDS = Set.of("sku", "name", "quantity", "unitPrice");
  private static final int MAX_LINES = 100;

  private final Faults faults;
  private final JsonChecks checks;

  private OrderDraftReader(Faults faults) {
    this.faults = faults;
    this.checks = new JsonChecks(faults);
  }

  /**
   * Rejects unknown fields: a misspelt field must not be silently ignored.
   *
   * @throws ApiException as {@link ApiError.Malformed} if a field is unknown
   */
  static void rejectUnknown(JsonNode body, Set<String> known) {
    JsonChecks.rejectUnknown(body, "", known);
    var items = body.path("items");
    for (int i = 0; i < items.size(); i++) {
      JsonChecks.rejectUnknown(items.path(i), "/items/" + i, LINE_FIELDS);
    }
  }

  /** Returns the body's draft, which must not be used if {@code faults} receives any. */
  static OrderDraft read(JsonNode body, Faults faults) {
    return new OrderDraftReader(faults).draft(body);
  }

  private OrderDraft draft(JsonNode body) {
    if (!checks.object(body, "")) {
      return new OrderDraft("", List.of(), Optional.empty(), Optional.empty());
    }
    return new OrderDraft(
        currency(body.path("currency")),
        items(body.path("items")),
        note(body.path("note")),
        status(body.path("status")));
  }

  private String currency(JsonNode value) {
    if (!checks.missing(value, "/currency")
        && !(value.isTextual() && CurrencyCodes.contains(value.textValue()))) {
      faults.add("/currency", "must be an ISO 4217 code, such as EUR");
    }
    return value.asText();
  }

  private List<OrderLine> items(JsonNode value) {
    if (checks.missing(value, "/items")) {
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
    return checks.object(value, pointer) ? Optional.of(lineOf(value, pointer)) : Optional.empty();
  }

  private OrderLine lineOf(JsonNode object, String pointer) {
    return new OrderLine(
        checks.line(object.path("sku"), pointer + "/sku", 1, 64),
        checks.line(object.path("name"), pointer + "/name", 1, 200),
        checks.integer(object.path("quantity"), pointer + "/quantity", 1, OrderLine.MAX_QUANTITY),
        checks.integer(
            object.path("unitPrice"), pointer + "/unitPrice", 0, OrderLine.MAX_UNIT_PRICE));
  }

  private Optional<String> note(JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(checks.lines(value, "/note", 1_000));
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
