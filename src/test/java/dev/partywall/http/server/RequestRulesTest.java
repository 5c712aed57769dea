package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.filters.RejectMalformed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {
  @Test
  void acceptsAValidRequestAndKeepsAllFields() {
    var request =
        read("POST", "/orders?a=b", "HTTP/1.1", "Content-Length: 5", "Accept: a", "Accept: b");

    assertEquals(Optional.empty(), request.violatedRule());
    assertEquals("POST", request.method());
    assertEquals("/orders", request.target().path());
    assertEquals(List.of("a", "b"), request.headers().all("accept"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: Chunked",
        "transfer-encoding: CHUNKED",
        "Content-Length: 0",
        "Expect: 100-Continue",
        "If-Match: \"1\"",
        "X: \u00e9\ttab"
      })
  void acceptsValidFields(String field) {
    assertEquals(Optional.empty(), read("POST", "/", "HTTP/1.1", field).violatedRule());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: +5",
        "Content-Length: -0",
        "Content-Length: 5, 5",
        "Content-Length: 5 5",
        "Content-Length: 0x5",
        "Content-Length: ",
        "Content-Length: 1234567890123456789",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding: ",
        "Expect: 200-ok",
        "Expect: ",
        "X: a\0b",
        "X: a\u001b[2Jb",
        "X: a\nb",
        "X Y: a",
        ": a"
      })
  void rejectsInvalidFields(String field) {
    assertTrue(read("POST", "/", "HTTP/1.1", field).violatedRule().isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type", "Content-Encoding", "Authorization", "Transfer-Encoding",
        "Content-Length", "Expect", "Idempotency-Key", "User-Agent"
      })
  void rejectsRepeatedSingleValueFields(String name) {
    var request =
        read("POST", "/orders", "HTTP/1.1", name + ": 1", name.toLowerCase(Locale.ROOT) + ": 1");

    assertEquals(
        Optional.of("A header field with a single value is repeated."), request.violatedRule());
    assertEquals("/orders", request.target().path(), "the valid parts are kept for the log");
  }

  @Test
  void rejectsContentLengthWithChunksAndChunksInHttp10() {
    var both = read("POST", "/", "HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 5");
    var old = read("POST", "/", "HTTP/1.0", "Transfer-Encoding: chunked");

    assertTrue(both.violatedRule().isPresent());
    assertTrue(old.violatedRule().isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:8080",
        "localhost:",
        "[::1]:",
        "a:0",
        "a:65535",
        "a:00000080",
        "acme.orders.example.com",
        "127.0.0.1:1",
        "[::1]",
        "[::1]:80",
        "a_b",
        "xn--bcher-kva.example",
        "example.com."
      })
  void acceptsValidHosts(String host) {
    assertEquals(Optional.empty(), readHost(host).violatedRule());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a,b",
        "a, b",
        "user@a",
        "http://a",
        "a/b",
        "a?b",
        "a#b",
        "a:b",
        "a:65536",
        "a:99999",
        "a:4294967376",
        "a:123456",
        "a:+1",
        ":80",
        "[::1",
        "[]",
        "[::1]x",
        "[evil]",
        ".a",
        "a%00",
        "a\\b",
        "é",
        "a\"b"
      })
  void rejectsInvalidHosts(String host) {
    assertTrue(readHost(host).violatedRule().isPresent());
  }

  @Test
  void rejectsAMissingRepeatedOrOverlongHost() {
    assertTrue(
        RequestRules.read("GET", "/", "HTTP/1.1", Map.of(), Body.NONE, Duration.ZERO)
            .violatedRule()
            .isPresent());
    assertTrue(read("GET", "/", "HTTP/1.1", "Host: a", "Host: a").violatedRule().isPresent());
    assertTrue(readHost("a".repeat(256)).violatedRule().isPresent());
  }

  @Test
  void acceptsHttp10WithoutAHostButNotWithAnInvalidOne() {
    for (var host : new String[] {"", "a", "a:80"}) {
      assertEquals(
          Optional.empty(), read("HTTP/1.0", Map.of("Host", List.of(host))).violatedRule());
    }
    assertEquals(Optional.empty(), read("HTTP/1.0", Map.of()).violatedRule());
    for (var host : new String[] {"a b", "user@a", ":80"}) {
      assertTrue(read("HTTP/1.0", Map.of("Host", List.of(host))).violatedRule().isPresent());
    }
    assertTrue(read("HTTP/1.0", Map.of("Host", List.of("a", "a"))).violatedRule().isPresent());
  }

  @Test
  void ignoresAnExpectationInHttp10() {
    assertEquals(Optional.empty(), read("GET", "/", "HTTP/1.0", "Expect: x").violatedRule());
  }

  @ParameterizedTest
  @CsvSource({
    "http://acme.example.com/orders?a=b, acme.example.com",
    "HTTP://acme.example.com:8080/orders?a=b, acme.example.com:8080",
    "hTTps://[::1]:/orders?a=b, [::1]:",
  })
  void takesTheHostFromATargetInAbsoluteForm(String target, String host) {
    var request = read("GET", target, "HTTP/1.1", "X: y");

    assertEquals(Optional.empty(), request.violatedRule());
    assertEquals(List.of(host), request.headers().all("host"));
    assertEquals(Optional.of("y"), request.headers().first("X"));
    assertEquals("/orders", request.target().path());
    assertEquals(Map.of("a", List.of("b")), request.target().query());
  }

  @Test
  void requiresAValidHostFieldBesidesATargetInAbsoluteForm() {
    var target = "http://a/";
    for (var host : List.<List<String>>of(List.of(), List.of("a", "a"), List.of("a b"))) {
      Map<String, List<String>> fields = host.isEmpty() ? Map.of() : Map.of("Host", host);
      var request = RequestRules.read("GET", target, "HTTP/1.1", fields, Body.NONE, Duration.ZERO);
      assertTrue(request.violatedRule().isPresent());
    }
    var old = RequestRules.read("GET", target, "HTTP/1.0", Map.of(), Body.NONE, Duration.ZERO);
    assertEquals(Optional.of("a"), old.headers().first("Host"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1.1x", "HTTP/01.1"})
  void rejectsOtherVersions(String version) {
    assertTrue(read("GET", "/", version).violatedRule().isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "G T", "G\0T", "GÉT", "GET\r", "(GET)", "ABCDEFGHIJKLMNOPQRSTU"})
  void rejectsAndOmitsInvalidMethods(String method) {
    var request = read(method, "/", "HTTP/1.1");

    assertTrue(request.violatedRule().isPresent());
    assertEquals("-", request.method());
  }

  @Test
  void acceptsUnknownMethods() {
    assertEquals(Optional.empty(), read("BREW", "/", "HTTP/1.1").violatedRule());
  }

  @Test
  void areEnforcedByAFilterThatClosesTheConnection() {
    var malformed = read("GET", "//evil", "HTTP/1.1");
    var filter = new RejectMalformed();

    var rejected =
        assertThrows(ApiException.class, () -> filter.filter(malformed, _ -> Response.of(200)));

    assertEquals(
        new ApiError.Malformed("The request target is neither a path nor an http URI.", true),
        rejected.error());
    var valid = read("GET", "/", "HTTP/1.1");
    assertEquals(200, filter.filter(valid, _ -> Response.of(200)).status());
  }

  private static Request readHost(String host) {
    return read("HTTP/1.1", Map.of("Host", List.of(host)));
  }

  private static Request read(String version, Map<String, List<String>> fields) {
    return RequestRules.read("GET", "/", version, fields, Body.NONE, Duration.ZERO);
  }

  private static Request read(String method, String target, String version, String... fields) {
    // Like the JDK's server: names differing only in case are equal.
    var header = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    header.put("Host", new ArrayList<>(List.of("localhost")));
    for (var field : fields) {
      var colon = field.indexOf(':', 0);
      var value = field.substring(colon + 1).replaceFirst("^ ", "");
      header.computeIfAbsent(field.substring(0, colon), _ -> new ArrayList<>()).add(value);
    }
    return RequestRules.read(method, target, version, header, Body.NONE, Duration.ZERO);
  }
}
