package dev.partywall.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void doublesAfterEachFailureUpToTheMaximum() {
    var backoff = new Backoff(SECOND, MINUTE, 0);
    assertEquals(SECOND, backoff.delay(1, 0.9));
    assertEquals(Duration.ofSeconds(2), backoff.delay(2, 0.9));
    assertEquals(Duration.ofSeconds(32), backoff.delay(6, 0.9));
    assertEquals(MINUTE, backoff.delay(7, 0.9));
    assertEquals(MINUTE, backoff.delay(Integer.MAX_VALUE, 0.9));
  }

  @Test
  void drawsTheRandomShareOfTheDelay() {
    var half = new Backoff(SECOND, MINUTE, 0.5);
    assertEquals(SECOND, half.delay(1, 0));
    assertEquals(Duration.ofMillis(750), half.delay(1, 0.5));
    assertEquals(Duration.ofSeconds(30), half.delay(20, 1));

    var full = new Backoff(SECOND, MINUTE, 1);
    assertEquals(Duration.ofSeconds(1), full.delay(2, 0.5));
    assertEquals(Duration.ZERO, full.delay(2, 1));
  }

  @Test
  void staysConstantOnRequest() {
    var backoff = Backoff.constant(SECOND);
    assertEquals(SECOND, backoff.delay(1, 0.5));
    assertEquals(SECOND, backoff.delay(100, 0.5));
  }

  @Test
  void rejectsValuesWithoutAMeaning() {
    assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, MINUTE, 0));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(MINUTE, SECOND, 0));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(SECOND, MINUTE, -0.1));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(SECOND, MINUTE, 1.1));
    var backoff = Backoff.constant(SECOND);
    assertThrows(IllegalArgumentException.class, () -> backoff.delay(0, 0));
  }
}
