package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
  private static final Headers NONE = Headers.NONE;

  @Test
  void isOptional() {
    assertEquals(Optional.empty(), IdempotencyKey.parse(NONE));
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
        () -> IdempotencyKey.parse(NONE.with("Idempotency-Key", "k").with("idempotency-key", "k")));
  }

  /** The name is part of a stored key, and the fingerprint of a stored document. */
  @Test
  void identifiesTheCallerTheKeyAndTheBody() {
    var key = IdempotencyKey.of(request("alice", "k", "{}")).orElseThrow();
    assertEquals("4SB-7hnSlfNSmor17Amncwn2YRw5-Cq2wrKS10Wz5SE", key.name());
    assertEquals(
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", key.fingerprint());
    assertEquals(Optional.of(key), IdempotencyKey.of(request("alice", "\"k\"", "{}")));
    for (var other : List.of(request("bob", "k", "{}"), request("alice", "l", "{}"))) {
      var different = IdempotencyKey.of(other).orElseThrow();
      assertNotEquals(key.name(), different.name());
      assertEquals(key.fingerprint(), different.fingerprint());
    }
    var otherBody = IdempotencyKey.of(request("alice", "k", "{ }")).orElseThrow();
    assertEquals(key.name(), otherBody.name());
    assertNotEquals(key.fingerprint(), otherBody.fingerprint());
  }

  @Test
  void isSeparateForEachIncarnation() {
    var names =
        IntStream.rangeClosed(1, 3)
            .mapToObj(incarnation ->
                Incarnation.bind(ScopedValue.where(ScopedValue.newInstance(), 0), incarnation)
                    .call(() -> IdempotencyKey.of(request("alice", "k", "{}")).orElseThrow())
                    .name())
            .toList();
    assertEquals("4SB-7hnSlfNSmor17Amncwn2YRw5-Cq2wrKS10Wz5SE", names.getFirst());
    assertEquals(3, Set.copyOf(names).size());
  }

  /** Only an issuer makes its subjects unique. The names are part of stored keys. */
  @Test
  void isSeparateForEachIssuerOfOperators() {
    assertEquals(
        "gqR6T5Y2FRHbhwYCLSqkKSYtGKEoSHS--6rKqJFbNtQ", nameOfOperator("https://a.example"));
    assertEquals(
        "PGN31f0VyiEb_yGnlLI9rOas2DHJnapJxXdnukLDbvk", nameOfOperator("https://b.example"));
  }

  private static String nameOfOperator(String issuer) {
    var operator = request("alice", "k", "{}").withOperator("alice", issuer);
    return IdempotencyKey.of(operator).orElseThrow().name();
  }

  @Test
  void requiresNoCallerWithoutAKey() {
    var request = Request.of("POST", RequestTarget.ROOT, NONE, Body.NONE);
    assertEquals(Optional.empty(), IdempotencyKey.of(request));
  }

  private static Request request(String user, String key, String body) {
    return Request.of(
            "POST",
            RequestTarget.ROOT,
            NONE.with("Idempotency-Key", key),
            Body.of(body.getBytes(StandardCharsets.UTF_8)))
        .withSubject(user);
  }

  private static Optional<String> of(String value) {
    return IdempotencyKey.parse(NONE.with("Idempotency-Key", value));
  }

  private static void assertMalformed(Executable parsing) {
    var thrown = assertThrows(ApiException.class, parsing);
    assertInstanceOf(ApiError.Malformed.class, thrown.error());
  }
}
