package dev.partywall.observability.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the validator accepts a valid exposition and rejects invalid ones. */
class OpenMetricsValidatorTest {
  private static final String VALID =
      """
      # TYPE a_seconds histogram
      # UNIT a_seconds seconds
      # HELP a_seconds Said \\"so\\".\\nAnd \\\\ so.
      a_seconds_bucket{x="\\"",le="0.1"} 1 # {trace_id="7"} 0.05 1.5
      a_seconds_bucket{x="\\"",le="+Inf"} 2
      a_seconds_count{x="\\""} 2
      a_seconds_sum{x="\\""} 0.3
      # TYPE b counter
      b_total 1.0 1.5e9
      b_created 1.5E9
      # TYPE c gauge
      c{} NaN
      d -Inf
      # EOF
      """;

  @Test
  void acceptsAValidExposition() {
    assertEquals(Set.of("a_seconds", "b", "c", "d"), validate(VALID));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "# EOF|# EO|EOF line is missing",
        "# TYPE b counter|# TYPE b\tcounter|neither",
        "b_total 1.0|b_total  1.0|neither",
        "b_total 1.0|b_total 1,0|neither",
        "b_total 1.0|b_total{x=\"\\t\"} 1.0|neither",
        "c{} NaN|c{x=\"1\",} 1|neither",
        "c{} NaN|c{x=\"1\",x=\"2\"} 1|duplicate label",
        "c{} NaN|c{__x=\"1\"} 1|reserved",
        "c{} NaN|c 1 # {} 1|exemplar is not allowed",
        "c{} NaN|c_total 1|invalid sample name",
        "d -Inf|c 1|duplicate sample",
        "b_total 1.0|b 1.0|invalid sample name",
        "b_total 1.0|b_total -1.0|must not be negative",
        "b_total 1.0|b_total NaN|must not be negative",
        "# TYPE c gauge|# TYPE c gouge|unknown type",
        "# TYPE c gauge|# TYPE b gauge|precede the samples",
        "# TYPE c gauge|# TYPE a_seconds gauge|duplicate family",
        "# UNIT a_seconds seconds|# UNIT a_seconds bytes|end with the unit",
        "# UNIT a_seconds seconds|# TYPE a_seconds histogram|duplicate descriptor",
        "le=\"0.1\"} 1|le=\"0.1\"} 3|not cumulative",
        "le=\"0.1\"} 1|le=\"0.1\"} 0.5|must be a count",
        "le=\"+Inf\"|le=\"0.05\"|do not ascend",
        "le=\"+Inf\"|le=\"9\"|+Inf is missing",
        "a_seconds_count{x=\"\\\"\"} 2|a_seconds_count{x=\"\\\"\"} 3|differs from the last bucket",
        "a_seconds_sum{x=\"\\\"\"} 0.3|a_seconds_sum{x=\"\\\"\",le=\"1\"} 0.3|has the label le",
        "a_seconds_count{x=\"\\\"\"} 2|a_seconds_count{x=\"\\\"\",le=\"1\"} 2|has the label le",
      })
  void rejectsAnInvalidExposition(String valid, String invalid, String rule) {
    assertTrue(VALID.contains(valid), valid);
    var fault = assertThrows(AssertionError.class, () -> validate(VALID.replace(valid, invalid)));
    assertTrue(fault.toString().contains(rule), fault::toString);
  }

  private static Set<String> validate(String text) {
    return OpenMetricsValidator.validate(text.getBytes(StandardCharsets.UTF_8));
  }
}
