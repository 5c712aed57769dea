package dev.partywall.metering.billing;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodTest {
  /** A request with such a time is also rejected for the length of its period. */
  @ParameterizedTest
  @ValueSource(strings = {"9999-12-31T23:00:00-01:00", "0000-01-01T00:00:00+01:00"})
  void anOffsetDoesNotMoveATimeOutOfTheYearsOfALedger(String text) {
    assertThrows(DateTimeException.class, () -> Period.parseInstant(text));
  }
}
