package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderDraftReaderTest {
  private static final String LINE =
      "{\"sku\":\"A\",\"name\":\"Brick\",\"quantity\":2,\"unitPrice\":990}";

  @Test
  void readsValidBodies() {
    var draft = read(order("EUR", LINE + "," + LINE, ",\"note\":\"a\\tb\\r\\nc\""));
    var line = new OrderLine("A", "Brick", 2, 990);
    assertEquals(
        new OrderDraft("EUR", List.of(line, line), Optional.of("a\tb\r\nc"), Optional.empty()),
        draft);
    assertEquals(Optional.empty(), read(order("EUR", LINE, ",\"note\":null")).note());
    assertEquals(Optional.of(""), read(order("EUR", LINE, ",\"note\":\"\"")).note());
    assertEquals(
        Optional.of(OrderStatus.PAID), read(order("EUR", LINE, ",\"status\":\"paid\"")).status());
  }

  @Test
  void reportsAllFaultsTogether() {
    var body =
        """
        {"currency":"eur","note":7,"status":"lost","items":[
          {"sku":"","name":"a\\u0007","quantity":0,"unitPrice":-1},
          {"name":"b","quantity":"2","unitPrice":1.5},
          7]}\
        """;
    assertEquals(
        List.of(
            "/currency",
            "/items/0/sku",
            "/items/0/name",
            "/items/0/quantity",
            "/items/0/unitPrice",
            "/items/1/sku",
            "/items/1/quantity",
            "/items/1/unitPrice",
            "/items/2",
            "/note",
            "/status"),
        faults(body));
    assertEquals(List.of("/currency", "/items"), faults("{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "7", "\"order\"", "true"})
  void requiresAnObject(String body) {
    assertEquals(List.of(""), faults(body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"EURO\"", "\"eur\"", "\"QQQ\"", "\"\"", "7", "null", "[\"EUR\"]", "{}"})
  void requiresACurrency(String currency) {
    assertEquals(
        List.of("/currency"), faults("{\"currency\":" + currency + ",\"items\":[" + LINE + "]}"));
  }

  /** The JDK does not know the first of these codes. */
  @ParameterizedTest
  @ValueSource(strings = {"UYW", "XAD", "ZWG", "XCG", "CLF", "JPY", "XXX"})
  void acceptsTheActiveCodesOfIso4217(String currency) {
    assertEquals(currency, read(order(currency, LINE, "")).currency());
  }

  /** The JDK knows these codes. */
  @ParameterizedTest
  @ValueSource(strings = {"DEM", "HRK", "BGN", "ZWL", "ANG"})
  void rejectsTheWithdrawnCodesOfIso4217(String currency) {
    assertEquals(List.of("/currency"), faults(order(currency, LINE, "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "{}", "\"\"", "7"})
  void requiresItems(String items) {
    assertEquals(List.of("/items"), faults("{\"currency\":\"EUR\",\"items\":" + items + "}"));
  }

  @Test
  void rejectsMoreThanAHundredItems() {
    assertEquals(100, read(order("EUR", lines(100), "")).items().size());
    assertEquals(List.of("/items"), faults(order("EUR", lines(101), "")));
  }

  @ParameterizedTest
  @CsvSource({
    "quantity, 1, true",
    "quantity, 1000000, true",
    "quantity, 0, false",
    "quantity, 1000001, false",
    "quantity, -1, false",
    "quantity, 1.0, false",
    "quantity, 1e3, false",
    "quantity, 9223372036854775808, false",
    "quantity, 18446744073709551617, false",
    "quantity, 1e400, false",
    "quantity, true, false",
    "quantity, null, false",
    "quantity, [1], false",
    "unitPrice, 0, true",
    "unitPrice, -0, true",
    "unitPrice, 1000000000000, true",
    "unitPrice, 1000000000001, false",
    "unitPrice, -1, false",
    "unitPrice, 0.5, false",
    "unitPrice, 99999999999999999999999999999999999999999999999999, false",
  })
  void requiresIntegersWithinTheirLimits(String field, String number, boolean valid) {
    var line = LINE.replaceAll("\"" + field + "\":[0-9]+", "\"" + field + "\":" + number);
    var expected = valid ? List.of() : List.of("/items/0/" + field);
    assertEquals(expected, faults(order("EUR", line, "")));
  }

  @Test
  void rejectsTotalsAboveTheLargestExactInteger() {
    // 9,007 times the highest unit price is 9.007e15, just under 2^53.
    var costly = line(1_000, 1_000_000_000_000L);
    var nine =
        String.join(",", costly, costly, costly, costly, costly, costly, costly, costly, costly);
    var rest = line(1, 199_254_740_991L) + "," + line(7, 1_000_000_000_000L);
    assertEquals(
        9_007_199_254_740_991L,
        OrderDraft.total(read(order("EUR", nine + "," + rest, "")).items()));
    var over = nine + "," + rest + "," + line(1, 1);
    assertEquals(List.of("/items"), faults(order("EUR", over, "")));
    var far = (line(1_000_000, 1_000_000_000_000L) + ",").repeat(99) + line(1, 1);
    assertEquals(List.of("/items"), faults(order("EUR", far, "")));
  }

  @Test
  void limitsTextsInCharacters() {
    assertTextLimit("sku", 64);
    assertTextLimit("name", 200);
    var note = ",\"note\":\"" + "\uD83E\uDDF1".repeat(1_000);
    assertEquals(List.of(), faults(order("EUR", LINE, note + "\"")));
    assertEquals(List.of("/note"), faults(order("EUR", LINE, note + "x\"")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\b", "\\u001b", "\\u007f", "\\u0085", "\\t", "\\n"})
  void rejectsControlCharacters(String control) {
    var line = LINE.replace("Brick", "a" + control);
    assertEquals(List.of("/items/0/name"), faults(order("EUR", line, "")));
    var inNote = faults(order("EUR", LINE, ",\"note\":\"" + control + "\""));
    var allowed = control.equals("\\t") || control.equals("\\n");
    assertEquals(allowed ? List.of() : List.of("/note"), inNote);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1}",
        "{\"total\":1}",
        "{\"status\":\"paid\"}",
        "{\"Currency\":\"EUR\"}",
        "{\"items\":[{\"price\":1}]}",
        "{\"items\":[{},{\"\":1}]}",
        "{\"a/b~c\":{}}",
      })
  void rejectsUnknownFields(String body) {
    var thrown =
        assertThrows(
            ApiException.class,
            () -> OrderDraftReader.rejectUnknown(json(body), OrderDraftReader.PLACE_FIELDS));
    assertInstanceOf(ApiError.Malformed.class, thrown.error());
  }

  @Test
  void acceptsAStatusInAReplacement() {
    OrderDraftReader.rejectUnknown(json("{\"status\":\"paid\"}"), OrderDraftReader.REPLACE_FIELDS);
  }

  private static void assertTextLimit(String field, int max) {
    var longest = "\uD83E\uDDF1".repeat(max);
    var fits =
        LINE.replaceAll("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":\"" + longest + "\"");
    assertEquals(List.of(), faults(order("EUR", fits, "")));
    var over = fits.replace(longest, longest + "x");
    assertEquals(List.of("/items/0/" + field), faults(order("EUR", over, "")));
  }

  private static String line(long quantity, long unitPrice) {
    return "{\"sku\":\"A\",\"name\":\"B\",\"quantity\":%d,\"unitPrice\":%d}"
        .formatted(quantity, unitPrice);
  }

  private static String lines(int count) {
    return (LINE + ",").repeat(count - 1) + LINE;
  }

  private static String order(String currency, String lines, String more) {
    return "{\"currency\":\"" + currency + "\",\"items\":[" + lines + "]" + more + "}";
  }

  private static OrderDraft read(String body) {
    var faults = new Faults();
    var draft = OrderDraftReader.read(json(body), faults);
    faults.rejectIfAny();
    return draft;
  }

  private static List<String> faults(String body) {
    var faults = new Faults();
    OrderDraftReader.read(json(body), faults);
    return faults.list().stream().map(ApiError.Fault::pointer).toList();
  }

  private static JsonNode json(String body) {
    return Json.parse(body.getBytes(StandardCharsets.UTF_8));
  }
}
