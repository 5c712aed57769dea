package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FirstLookTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void aChangeStopsTheStart() {
    var look = FirstLook.begin(() -> List.of("acme has moved"));
    var told = assertThrows(PlacementsChanged.class, () -> look.await(LONG));
    assertTrue(told.toString().contains("acme has moved"), told.toString());
  }

  @Test
  void aDynamoThatHangsDoesNotHoldUpTheStart() {
    var answers = new CountDownLatch(1);
    var look =
        FirstLook.begin(() -> {
          answers.await();
          return List.of();
        });
    assertDoesNotThrow(() -> look.await(Duration.ofMillis(1)));
    answers.countDown();
    assertDoesNotThrow(() -> look.await(LONG));
  }

  @Test
  void aLookThatFailsIsNotTakenForOneThatFoundNothing() {
    var cause = new IllegalStateException("of another release");
    var look =
        FirstLook.begin(() -> {
          throw cause;
        });
    var told = assertThrows(IllegalStateException.class, () -> look.await(LONG));
    assertSame(cause, told.getCause());
  }
}
