package dev.partywall.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules hold what is right, and find what is wrong. */
class OpenMetricsRulesTest {
  private static final String RIGHT =
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
  void whatIsRightHolds() {
    assertEquals(Set.of("a_seconds", "b", "c", "d"), hold(RIGHT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "# EOF|# EO|end is not marked",
        "# TYPE b counter|# TYPE b\tcounter|neither",
        "b_total 1.0|b_total  1.0|neither",
        "b_total 1.0|b_total 1,0|neither",
        "b_total 1.0|b_total{x=\"\\t\"} 1.0|neither",
        "c{} NaN|c{x=\"1\",} 1|neither",
        "c{} NaN|c{x=\"1\",x=\"2\"} 1|twice",
        "c{} NaN|c{__x=\"1\"} 1|reserved",
        "c{} NaN|c 1 # {} 1|no exemplar",
        "c{} NaN|c_total 1|not a name",
        "d -Inf|c 1|there before",
        "b_total 1.0|b 1.0|not a name",
        "b_total 1.0|b_total -1.0|never negative",
        "b_total 1.0|b_total NaN|never negative",
        "# TYPE c gauge|# TYPE c gouge|no such type",
        "# TYPE c gauge|# TYPE b gauge|before the samples",
        "# TYPE c gauge|# TYPE a_seconds gauge|there before",
        "# UNIT a_seconds seconds|# UNIT a_seconds bytes|end with the unit",
        "# UNIT a_seconds seconds|# TYPE a_seconds histogram|has that already",
        "le=\"0.1\"} 1|le=\"0.1\"} 3|add up",
        "le=\"0.1\"} 1|le=\"0.1\"} 0.5|counts",
        "le=\"+Inf\"|le=\"0.05\"|ascend",
        "le=\"+Inf\"|le=\"9\"|no last bucket",
        "a_seconds_count{x=\"\\\"\"} 2|a_seconds_count{x=\"\\\"\"} 3|in the last bucket",
        "a_seconds_sum{x=\"\\\"\"} 0.3|a_seconds_sum{x=\"\\\"\",le=\"1\"} 0.3|has le",
        "a_seconds_count{x=\"\\\"\"} 2|a_seconds_count{x=\"\\\"\",le=\"1\"} 2|has le",
      })
  void whatIsWrongIsFound(String right, String wrong, String rule) {
    assertTrue(RIGHT.contains(right), right);
    var fault = assertThrows(AssertionError.class, () -> hold(RIGHT.replace(right, wrong)));
    assertTrue(fault.toString().contains(rule), fault::toString);
  }

  private static Set<String> hold(String text) {
    return OpenMetricsRules.hold(text.getBytes(StandardCharsets.UTF_8));
  }
}
