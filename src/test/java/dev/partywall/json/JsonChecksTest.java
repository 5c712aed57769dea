package dev.partywall.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonChecksTest {
  private final Faults faults = new Faults();
  private final JsonChecks checks = new JsonChecks(faults);

  @Test
  void escapesPointers() {
    assertEquals("/a/b~1c~0d", JsonChecks.pointer("/a", "b/c~d"));
  }

  @Test
  void requiresAnObject() {
    assertTrue(checks.object(json("{}"), ""));
    assertFalse(checks.object(json("[]"), "/a"));
    assertEquals(List.of("/a: must be an object"), faults.lines());
  }

  @Test
  void listsTheKnownMembersForAnUnknownOne() {
    checks.known(json("{\"a\":1,\"c/d\":2}"), "/x", Set.of("b", "a"));
    assertEquals(List.of("/x/c~1d: is unknown; known: a, b"), faults.lines());
  }

  @Test
  void requiresAValue() {
    assertTrue(checks.missing(json("{}").path("a"), "/a"));
    assertFalse(checks.missing(json("{\"a\":null}").path("a"), "/a"));
    assertEquals(List.of("/a: is required"), faults.lines());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "\"abc\" | abc | ``",
        "\"😀😀😀\" | 😀😀😀 | ``",
        "\"a\" | a | must have 2 to 3 characters",
        "\"abcd\" | abcd | must have 2 to 3 characters",
        "7 | `` | must be a string",
        "null | `` | must be a string",
      })
  void limitsTextsInCharacters(String value, String text, String fault) {
    assertEquals(text, checks.line(json(value), "/a", 2, 3));
    assertEquals(fault.isEmpty() ? List.of() : List.of("/a: " + fault), faults.lines());
  }

  @Test
  void allowsLineBreaksOnlyInTextsOfSeveralLines() {
    checks.line(json("\"a\\nb\""), "/a", 0, 9);
    checks.lines(json("\"a\\n\\r\\tb\""), "/b", 9);
    checks.lines(json("\"a\\u0007\""), "/c", 9);
    assertEquals(
        List.of(
            "/a: must not contain control characters", "/c: must not contain control characters"),
        faults.lines());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, ''",
    "9, 9, ''",
    "0, 1, must be from 1 to 9",
    "10, 1, must be from 1 to 9",
    "18446744073709551617, 1, must be from 1 to 9",
    "1.0, 1, 'must be an integer, written without fraction or exponent'",
    "1e0, 1, 'must be an integer, written without fraction or exponent'",
    "'\"2\"', 1, 'must be an integer, written without fraction or exponent'",
  })
  void limitsIntegers(String value, long number, String fault) {
    assertEquals(number, checks.integer(json(value), "/a", 1, 9));
    assertEquals(fault.isEmpty() ? List.of() : List.of("/a: " + fault), faults.lines());
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
