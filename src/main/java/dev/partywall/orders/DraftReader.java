package dev.partywall.orders;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads and validates the JSON body of an order request. */
final class DraftReader {
  /** The fields of a POST body. */
  static final Set<String> PLACING = Set.of("currency", "items", "note");

  /** The fields of a PUT body. */
  static final Set<String> REPLACING = Set.of("currency", "items", "note", "status");

  private static final Set<String> LINE_FIELDS = Set.of("sku", "name", "quantity", "unitPrice");
  private static final Set<String> CURRENCIES =
      Currency.availableCurrencies()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());
  private static final int MAX_LINES = 100;

  private final Faults faults = new Faults();

  private DraftReader() {}

  /**
   * Rejects unknown fields: a misspelt field must not be silently ignored.
   *
   * @throws Refused with {@link Refusal.Malformed}
   */
  static void refuseUnknown(JsonNode body, Set<String> known) {
    refuseUnknown(body, known, "");
    var items = body.path("items");
    for (int i = 0; i < items.size(); i++) {
      refuseUnknown(items.path(i), LINE_FIELDS, "/items/" + i);
    }
  }

  /**
   * Returns the body's draft.
   *
   * @throws Refused with {@link Refusal.Invalid} that lists all faults
   */
  static Draft read(JsonNode body) {
    var reader = new DraftReader();
    var draft = reader.draft(body);
    reader.faults.refuseIfAny();
    return draft;
  }

  private static void refuseUnknown(JsonNode value, Set<String> known, String pointer) {
    for (var property : value.properties()) {
      if (!known.contains(property.getKey())) {
        var name = property.getKey().replace("~", "~0").replace("/", "~1");
        throw new Refused(
            new Refusal.Malformed("The field " + pointer + "/" + name + " is unknown."));
      }
    }
  }

  private Draft draft(JsonNode body) {
    if (!body.isObject()) {
      faults.add("", "must be an object");
      return new Draft("", List.of(), Optional.empty(), Optional.empty());
    }
    return new Draft(
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

  private List<Line> items(JsonNode value) {
    if (faults.isMissing(value, "/items")) {
      return List.of();
    }
    if (!value.isArray() || value.isEmpty() || value.size() > MAX_LINES) {
      faults.add("/items", "must be an array of 1 to " + MAX_LINES + " items");
      return List.of();
    }
    var lines = new ArrayList<Line>();
    for (int i = 0; i < value.size(); i++) {
      line(value.path(i), "/items/" + i).ifPresent(lines::add);
    }
    if (Draft.total(lines) > Draft.HIGHEST_TOTAL) {
      faults.add("/items", "must not exceed a total of " + Draft.HIGHEST_TOTAL);
    }
    return List.copyOf(lines);
  }

  private Optional<Line> line(JsonNode value, String pointer) {
    if (!value.isObject()) {
      faults.add(pointer, "must be an object");
      return Optional.empty();
    }
    return Optional.of(
        new Line(
            faults.line(value.path("sku"), pointer + "/sku", 1, 64),
            faults.line(value.path("name"), pointer + "/name", 1, 200),
            faults.whole(value.path("quantity"), pointer + "/quantity", 1, Line.MOST),
            faults.whole(value.path("unitPrice"), pointer + "/unitPrice", 0, Line.DEAREST)));
  }

  private Optional<String> note(JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(faults.lines(value, "/note", 1_000));
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
