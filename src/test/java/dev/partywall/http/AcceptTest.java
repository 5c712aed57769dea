package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptTest {
  private static final String CSV = "text/csv";
  private static final String JSON = "application/json";

  @ParameterizedTest
  @ValueSource(
      strings = {
        CSV,
        "TEXT/CSV",
        "text/*",
        "text/csv, application/json;q=0.999",
        "application/json;q=0.1,text/csv;header=present;q=0.2",
        "text/csv;q=0.1, application/json;q=0, */*",
        "TEXT/csv\t;\tQ=0.2 , , Application/JSON ; q=0.1",
        "application/json;profile=\"text/csv,;q=1\";q=0.1, text/csv;q=0.2",
        "application/json;profile=\"\\\",text/html;q=1\";q=0.1, text/csv;q=0.2",
        "application/json;q=0, */*;q=0.1",
        "application/json;q=1.5, text/csv;q=0.1",
        "application/json;q=, text/csv;q=0.1",
        "text/csv;q=1.000, application/json; q=0.",
        "text/csv;a=1;q=0.1, text/csv;q=0.3, application/json;q=0.2",
      })
  void prefersTheTypeWithTheHigherWeight(String field) {
    assertTrue(accept(field).prefers(CSV, JSON));
    assertFalse(accept(field).prefers(JSON, CSV));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*/*", "image/png", "text/csvx", "text", "text/csv,application/json"})
  void prefersNeitherOfTwoEqualTypes(String field) {
    assertFalse(accept(field).prefers(CSV, JSON));
    assertFalse(accept(field).prefers(JSON, CSV));
  }

  @Test
  void acceptsAllTypesWithoutTheField() {
    var accept = Accept.of(Headers.NONE);
    assertFalse(accept.prefers(CSV, JSON));
    assertEquals(0, accept.namedWeight(CSV));
  }

  @Test
  void combinesRepeatedFields() {
    var accept = Accept.of(Headers.NONE.with("Accept", "*/*;q=0.5").with("accept", CSV));
    assertTrue(accept.prefers(CSV, JSON));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/csv | 1",
        "text/csv;q=0.25 | 0.25",
        "text/csv ; header=present ; q=0.25 | 0.25",
        "text/csv;q=0.5, text/csv;v=1;q=0.75 | 0.75",
        "text/*, */* | 0",
        "text/csv;q=0 | 0",
        "text/csv;q=2 | 0",
      })
  void returnsTheWeightOfANamedType(String field, double weight) {
    assertEquals(weight, accept(field).namedWeight(CSV));
  }

  private static Accept accept(String field) {
    return Accept.of(Headers.NONE.with("Accept", field));
  }
}
