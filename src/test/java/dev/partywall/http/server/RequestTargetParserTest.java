package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.http.RequestTarget;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetParserTest {
  @Test
  void parsesAPath() throws MalformedRequest {
    assertEquals(RequestTarget.ROOT, RequestTargetParser.parse("/"));
    assertEquals(List.of("orders", "a b"), RequestTargetParser.parse("/orders/a%20b").segments());
    assertEquals(List.of("orders", ""), RequestTargetParser.parse("/orders/").segments());
    assertEquals(
        List.of("é€😀"), RequestTargetParser.parse("/%C3%A9%e2%82%ac%F0%9F%98%80").segments());
    assertEquals("/a;v=1/b+c:@", RequestTargetParser.parse("/a;v=1/b+c:@").path());
    assertEquals(List.of("b+c"), RequestTargetParser.parse("/b+c").segments());
  }

  @ParameterizedTest
  @CsvSource({
    "http://a/orders/1?b=c, a",
    "HTTP://A.example:80/orders/1?b=c, A.example:80",
    "https://[::1]:8080/orders/1?b=c, [::1]:8080",
  })
  void parsesTheAbsoluteForm(String target, String authority) throws MalformedRequest {
    var parsed = RequestTargetParser.parse(target);

    assertEquals("/orders/1", parsed.path());
    assertEquals(List.of("orders", "1"), parsed.segments());
    assertEquals(Map.of("b", List.of("c")), parsed.query());
    assertEquals(Optional.of(authority), RequestTargetParser.authority(target));
  }

  @Test
  void parsesAnAbsoluteFormWithoutAPathAsTheRoot() throws MalformedRequest {
    assertEquals(RequestTarget.ROOT, RequestTargetParser.parse("http://a"));
    assertEquals(
        new RequestTarget("/", List.of(), Map.of("b", List.of("/c"))),
        RequestTargetParser.parse("http://a?b=/c"));
    assertEquals(Optional.of("a"), RequestTargetParser.authority("http://a?b=/c"));
  }

  @Test
  void findsNoAuthorityInTheOriginForm() {
    assertEquals(Optional.empty(), RequestTargetParser.authority("/http://a/b"));
    assertEquals(Optional.empty(), RequestTargetParser.authority("//a/b"));
  }

  @Test
  void parsesAQuery() throws MalformedRequest {
    var query = RequestTargetParser.parse("/o?a=1&b=x+y%2Bz&a=2&&c&d=&e=f=g?/").query();

    assertEquals(
        Map.of(
            "a", List.of("1", "2"),
            "b", List.of("x y+z"),
            "c", List.of(""),
            "d", List.of(""),
            "e", List.of("f=g?/")),
        query);
    assertEquals(Map.of(), RequestTargetParser.parse("/o?").query());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "orders",
        "*",
        "?a=b",
        "http://",
        "http:///orders",
        "http:/orders",
        "http:orders",
        "http//a/orders",
        "ftp://a/orders",
        "ws://a/orders",
        "http://user@evil/orders",
        "http://user:password@evil/orders",
        "http://@evil/orders",
        "http://evil\\orders",
        "http://evil%2Forders/",
        "http://evil,a/orders",
        "http://a:65536/orders",
        "http://[evil]/orders",
        "http://a//orders",
        "http://a/../orders",
        "http://a/%2e%2e/orders",
        "http://a#b",
        "//evil/orders",
        "//",
        "/orders//1",
        "/.",
        "/..",
        "/orders/../admin",
        "/orders/./1",
        "/%2e%2e/admin",
        "/%2E/x",
        "/a%2eb",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/a%252fb",
        "/a%00b",
        "/a\0b",
        "/a%0ab",
        "/a%7fb",
        "/a b",
        "/a#b",
        "/a|b",
        "/a[1]",
        "/é",
        "/%",
        "/%4",
        "/%4g",
        "/%zz",
        "/%-1",
        "/%\uff11\uff11",
        "/%ff",
        "/%c0%af",
        "/%ed%a0%80",
        "/%f4%90%80%80",
        "/%e2%82",
        "/a?b=%00",
        "/a?b=%0d%0a",
        "/a?b=%zz",
        "/a?b=%ff",
        "/a?b=%",
        "/a?b=c#d",
        "/a?b= ",
        "/a?%c3=1"
      })
  void rejectsTargetsThatAProxyMightInterpretDifferently(String target) {
    var malformed = assertThrows(MalformedRequest.class, () -> RequestTargetParser.parse(target));

    assertFalse(malformed.rule().contains("evil"), "the message must not quote the request");
  }
}
