package dev.partywall.http.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.Headers.Field;
import dev.partywall.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedProblemTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final ProblemDetails PROBLEM =
      ProblemDetails.quota("https://example.com/#quota", "Title \"1\"", "Détail.", List.of("burst"))
          .with("WWW-Authenticate", "Bearer");

  private final EncodedProblem encoded = new EncodedProblem(PROBLEM);

  private static String body(Response response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/orders",
        "",
        "/orders/\"quoted\"",
        "/orders\\1",
        "/orders/\u00e9\u20ac",
        "/orders/a\tb",
        "/orders/eyJhbGciOiJSUzI1NiJ9.e30.x",
        "/orders/%65yJhbGciOiJSUzI1NiJ9",
        "/orders/ey%4Ahbg",
        "/Jobs/%41"
      })
  void returnsTheSameResponseAsTheProblemDetails(String path) {
    var expected = PROBLEM.response(path, TRACE);
    var response = encoded.response(path, TRACE, List.of());

    assertEquals(body(expected), body(response));
    assertEquals(expected.status(), response.status());
    assertEquals(expected.headers().fields(), response.headers().fields());
  }

  @Test
  void truncatesALongPathAsTheProblemDetailsDo() {
    var path = "/" + "a".repeat(400);

    assertEquals(
        body(PROBLEM.response(path, TRACE)), body(encoded.response(path, TRACE, List.of())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/orders", "/\u20ac"})
  void addsFurtherFields(String path) {
    var field = new Field("Retry-After", "7");

    assertEquals(field, encoded.response(path, TRACE, List.of(field)).headers().fields().getLast());
  }

  @Test
  void eachResponseHasABodyOfItsOwn() {
    var first = encoded.response("/orders", TRACE, List.of());
    encoded.response("/usage", "f".repeat(32), List.of());

    assertEquals(body(PROBLEM.response("/orders", TRACE)), body(first));
  }
}
