package dev.partywall.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://orders.example.com",
        "HTTPS://orders.example.com:8443/prefix",
        "http://localhost",
        "http://LOCALHOST:1",
        "http://127.0.0.1:9000/a/b",
        "http://127.1.2.3",
        "http://[::1]:9000"
      })
  void acceptsHttpsAndLoopback(String url) {
    assertEquals(URI.create(url), ServiceUrl.parse(url));
  }

  @ParameterizedTest
  @CsvSource({
    "http://orders.example.com, must be https (or http on loopback)",
    "http://127.0.0.1.example.com, must be https (or http on loopback)",
    "http://localhost.example.com, must be https (or http on loopback)",
    "http://0x7f.0.0.1, must be https (or http on loopback)",
    "http://0.0.0.0, must be https (or http on loopback)",
    "http://[::], must be https (or http on loopback)",
    "ftp://127.0.0.1, must be https (or http on loopback)",
    "orders, must be https (or http on loopback)",
    "'', must be https (or http on loopback)",
    "https:///x, must be https (or http on loopback)",
    "https://user@e.com, 'must not contain a query, fragment or user'",
    "https://e.com?, 'must not contain a query, fragment or user'",
    "https://e.com/#x, 'must not contain a query, fragment or user'",
    "https://e.com/ x, must be a URL",
  })
  void rejectsOtherUrlsWithTheRule(String url, String rule) {
    var error = assertThrows(IllegalArgumentException.class, () -> ServiceUrl.parse(url));
    assertEquals(rule + ": " + url, error.getMessage());
  }
}
