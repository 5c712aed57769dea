package dev.partywall.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
  private static final URI BASE = URI.create("https://example.com/prefix");

  @ParameterizedTest
  @CsvSource({
    "/orders, '', /orders",
    "/, '', /",
    "/orders/{id}, 01J, /orders/01J",
    "/orders/{id}/lines/{n}, 1 2, /orders/1/lines/2",
    "/orders?user={user}&status={status}, a&b paid, /orders?user=a%26b&status=paid",
    "/orders?user={user}, .., /orders?user=..",
    "/orders/{id}, ../tenants, /orders/..%2Ftenants",
    "/orders/{id}, a?b#c, /orders/a%3Fb%23c",
    "/orders/{id}, a%2Fb, /orders/a%252Fb",
    "/orders/{id}, {id}, /orders/%7Bid%7D",
    "/orders/{id}, $1\\, /orders/%241%5C",
    "/orders/{id}, @evil.example, /orders/%40evil.example",
    "/orders/{id}, -._~, /orders/-._~",
    "/orders/{id}, ä€, /orders/%C3%A4%E2%82%AC",
    "/orders/{id}, ٣, /orders/%D9%A3",
  })
  void encodesValues(String template, String values, String expected) {
    assertEquals(Optional.of(URI.create(BASE + expected)), expand(template, split(values)));
  }

  @Test
  void encodesControlCharacters() {
    assertEquals(
        Optional.of(URI.create(BASE + "/orders/a%0D%0AHost%3A%20x%00")),
        expand("/orders/{id}", "a\r\nHost: x\0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", ".."})
  void returnsNothingForASegmentWithoutAName(String value) {
    assertEquals(Optional.empty(), expand("/orders/{id}", value));
    assertEquals(Optional.empty(), expand("/orders/{id}/lines", value));
    assertEquals(Optional.empty(), expand("/orders/" + value + "?a={id}", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/../b", "/a/%2e%2E/b", "/a/.%2e", "//b", "/a/"})
  void returnsNothingForADotSegmentOrEmptySegmentInTheTemplate(String template) {
    assertEquals(Optional.empty(), expand(template));
  }

  @ParameterizedTest
  @CsvSource({
    "/orders/{id}, ''",
    "/orders, a",
    "/orders/{id}, a b",
    "/orders/{i-d}, a",
    "/orders#{id}, a",
    "/orders list/{id}, a",
  })
  void rejectsInvalidTemplatesAndNumbersOfValues(String template, String values) {
    assertThrows(IllegalArgumentException.class, () -> expand(template, split(values)));
  }

  private static String[] split(String values) {
    return values.isEmpty() ? new String[0] : values.split(" ");
  }

  private static Optional<URI> expand(String template, String... values) {
    return new PathTemplate(template).expand(BASE, List.of(values));
  }
}
