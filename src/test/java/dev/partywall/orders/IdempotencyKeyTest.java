package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Headers;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
  private static final Headers NONE = Headers.NONE;

  @Test
  void isOptional() {
    assertEquals(Optional.empty(), IdempotencyKey.of(NONE));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "k, k",
        "\"k\", k",
        "` k `, k",
        "\"a b\", a b",
        "\"a\\\"b\", a\"b",
        "\"a\\\\b\", a\\b",
        "`\"a,b\"`, `a,b`",
        "a=b;c/d+e~, a=b;c/d+e~",
      })
  void acceptsStringsWithAndWithoutQuotes(String value, String key) {
    assertEquals(Optional.of(key), of(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\"\"",
        "\"",
        "\"open",
        "shut\"",
        "\"a\"b\"",
        "two words",
        "a,b",
        "\"a\", \"b\"",
        "\"a\\b\"",
        "a\\b",
        "\"\u00e9\"",
        "\u00e9",
        "\"a\tb\"",
        "\"a\";p=1",
      })
  void rejectsOtherForms(String value) {
    assertMalformed(() -> of(value));
  }

  @Test
  void acceptsUpTo255Characters() {
    var longest = "k".repeat(255);
    assertEquals(Optional.of(longest), of(longest));
    assertEquals(Optional.of(longest), of("\"" + longest + "\""));
    assertEquals(Optional.of("\\".repeat(255)), of("\"" + "\\\\".repeat(255) + "\""));
    assertMalformed(() -> of(longest + "k"));
    assertMalformed(() -> of("\"" + longest + "k\""));
  }

  @Test
  void rejectsARepeatedHeader() {
    assertMalformed(
        () -> IdempotencyKey.of(NONE.with("Idempotency-Key", "k").with("idempotency-key", "k")));
  }

  private static Optional<String> of(String value) {
    return IdempotencyKey.of(NONE.with("Idempotency-Key", value));
  }

  private static void assertMalformed(Executable parsing) {
    var thrown = assertThrows(ApiException.class, parsing);
    assertInstanceOf(ApiError.Malformed.class, thrown.error());
  }
}
