package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
  @Test
  void findsFieldsIgnoringCase() {
    var headers = Headers.NONE.with("ETag", "\"1\"").with("Vary", "a").with("vary", "b");

    assertEquals(Optional.of("\"1\""), headers.first("etag"));
    assertEquals(List.of("a", "b"), headers.all("VARY"));
    assertEquals(Optional.of("a, b"), headers.joined("Vary"));
    assertEquals(Optional.empty(), headers.joined("If-Match"));
  }

  @Test
  void findsRepeatedFieldsIgnoringCase() {
    var headers = Headers.NONE.with("Vary", "a").with("ETag", "\"1\"").with("vary", "b");

    assertTrue(headers.isRepeated("VARY"));
    assertFalse(headers.isRepeated("etag"));
    assertFalse(headers.isRepeated("If-Match"));
  }

  @Test
  void isImmutable() {
    var one = Headers.NONE.with("A", "1");
    one.with("B", "2");

    assertEquals(List.of(new Headers.Field("A", "1")), one.fields());
    assertThrows(UnsupportedOperationException.class, () -> one.fields().removeFirst());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nSet-Cookie: x", "a\nb", "a\0b", "\u007f", "\u0100", "\u001b[31m"})
  void rejectsValuesThatSplitAMessage(String value) {
    assertThrows(IllegalArgumentException.class, () -> Headers.NONE.with("X", value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " X", "X ", "X:", "X\r\nY", "Ü", "a\0"})
  void rejectsNamesThatAreNotTokens(String name) {
    assertThrows(IllegalArgumentException.class, () -> Headers.NONE.with(name, "x"));
  }
}
