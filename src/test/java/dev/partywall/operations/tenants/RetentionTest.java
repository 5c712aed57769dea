package dev.partywall.operations.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
  @ParameterizedTest
  @CsvSource({
    "P30D, 2592000",
    "P0D, 0",
    "P3650D, 315360000",
    "PT0S, 0",
    "PT1H2M3S, 3723",
    "PT48H, 172800",
    "PT90M, 5400",
    "PT87600H, 315360000"
  })
  void acceptsBothForms(String text, long seconds) {
    assertEquals(Optional.of(Duration.ofSeconds(seconds)), Retention.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P",
        "PT",
        "30D",
        "P1W",
        "P1M",
        "P1Y",
        "P1DT1H",
        "P-1D",
        "-P1D",
        "+P1D",
        "p1d",
        "PT1.5S",
        "PT1S1M",
        "P3651D",
        "PT87600H1S",
        "PT999999999H",
        "P1D ",
        "P\u0661D"
      })
  void rejectsAllOtherForms(String text) {
    assertEquals(Optional.empty(), Retention.parse(text));
  }
}
