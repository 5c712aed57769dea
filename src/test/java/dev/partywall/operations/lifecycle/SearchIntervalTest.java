package dev.partywall.operations.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchIntervalTest {
  @ParameterizedTest
  @CsvSource({"0, 2", "200, 2", "1000, 10", "3000, 30", "100000, 30"})
  void manyOperationsAreReadRarely(int operations, int seconds) {
    assertEquals(Duration.ofSeconds(seconds), OperationRunner.interval(operations));
  }
}
