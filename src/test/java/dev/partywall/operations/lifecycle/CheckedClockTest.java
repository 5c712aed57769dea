package dev.partywall.operations.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckedClockTest {
  private static final Instant NOW = Instant.parse("2026-11-28T09:30:00Z");

  private static CheckedClock clock(Optional<Duration> difference) {
    return new CheckedClock(() -> NOW, () -> difference);
  }

  @ParameterizedTest
  @CsvSource({
    "PT24H,2026-11-27T09:30:00Z",
    "-PT61S,2026-11-28T09:31:01Z",
    "PT60S,2026-11-28T09:30:00Z"
  })
  void correctsAWrongClock(Duration ahead, Instant registry) {
    assertEquals(registry, clock(Optional.of(ahead)).correctedTime());
  }

  @ParameterizedTest
  @CsvSource({"PT60S", "-PT60S"})
  void permitsADifferenceOfAMinute(Duration ahead) {
    assertEquals(Optional.empty(), clock(Optional.of(ahead)).fault());
    assertEquals(NOW, clock(Optional.of(ahead)).now());
  }

  @ParameterizedTest
  @CsvSource({"PT60.001S", "-PT60.001S"})
  void rejectsALongerDifference(Duration ahead) {
    var clock = clock(Optional.of(ahead));
    assertEquals(
        Optional.of("The clock of the instance differs from that of the registry by 60 s."),
        clock.fault());
    assertThrows(ApiException.class, clock::now);
  }

  @Test
  void hasAFaultWithoutAnAnswerOfTheRegistry() {
    assertEquals(
        Optional.of("The time of the registry is not known."), clock(Optional.empty()).fault());
    assertEquals(NOW, clock(Optional.empty()).correctedTime());
  }
}
