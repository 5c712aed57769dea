package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.PreconditionFailed.Condition;
import dev.partywall.error.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreconditionsTest {
  private static final String SECOND = "\"2\"";

  @Test
  void derivesAStrongTagFromTheVersion() {
    assertEquals(SECOND, Preconditions.etag(2));
  }

  @Test
  void theTagContainsTheIncarnationFromTheSecondOneOn() {
    var unrelated = ScopedValue.where(ScopedValue.newInstance(), 0);
    assertEquals("\"3.2\"", Incarnation.bind(unrelated, 3).call(() -> Preconditions.etag(2)));
    assertEquals(SECOND, Incarnation.bind(unrelated, 1).call(() -> Preconditions.etag(2)));
  }

  @Test
  void requiresIfMatch() {
    assertRejected(new ApiError.PreconditionRequired(), of("If-None-Match", "*")::requireIfMatch);
    of("If-Match", "\"1\"").requireIfMatch();
  }

  @ParameterizedTest
  @CsvSource({
    "If-Match, *",
    "If-Match, \"2\"",
    "If-None-Match, \"1\"",
    "If-None-Match, W/\"1\"",
    "Other, x"
  })
  void allowsAChange(String name, String value) {
    of(name, value).checkChange(SECOND);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-Match | \"1\" | IF_MATCH",
        "If-Match | \"1\", W/\"3\" | IF_MATCH",
        "If-Match | W/\"2\" | IF_MATCH_WEAK",
        "If-Match | W/\"1\" | IF_MATCH_WEAK",
        "If-Match | \"1\", W/\"2\" | IF_MATCH_WEAK",
        "If-None-Match | * | IF_NONE_MATCH",
        "If-None-Match | \"2\" | IF_NONE_MATCH",
        "If-None-Match | W/\"2\" | IF_NONE_MATCH"
      })
  void rejectsAChange(String name, String value, Condition condition) {
    assertRejected(
        new ApiError.PreconditionFailed(condition), () -> of(name, value).checkChange(SECOND));
  }

  @Test
  void recognisesAVersionThatTheCallerAlreadyHas() {
    assertTrue(of("If-None-Match", "W/\"1\", W/\"2\"").isUnchanged(SECOND));
    assertFalse(of("If-None-Match", "\"1\"").isUnchanged(SECOND));
    assertFalse(of("If-Match", SECOND).isUnchanged(SECOND));
    assertFalse(Preconditions.of(Headers.NONE).isUnchanged(SECOND));
  }

  @Test
  void evaluatesIfMatchBeforeIfNoneMatch() {
    var both = Headers.NONE.with("If-Match", "\"1\"").with("If-None-Match", SECOND);
    assertRejected(
        new ApiError.PreconditionFailed(Condition.IF_MATCH),
        () -> Preconditions.of(both).isUnchanged(SECOND));
  }

  @Test
  void combinesRepeatedFields() {
    var lines = Headers.NONE.with("If-Match", "\"1\"").with("If-Match", SECOND);
    Preconditions.of(lines).checkChange(SECOND);
  }

  @Test
  void rejectsMalformedFields() {
    assertRejected(
        new ApiError.Malformed("If-Match and If-None-Match must be * or a list of entity tags."),
        () -> of("If-None-Match", "2"));
  }

  private static Preconditions of(String name, String value) {
    return Preconditions.of(Headers.NONE.with(name, value));
  }

  private static void assertRejected(ApiError error, Executable check) {
    assertEquals(error, assertThrows(ApiException.class, check).error());
  }
}
