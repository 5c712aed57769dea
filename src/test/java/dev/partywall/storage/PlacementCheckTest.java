package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.storage.PlacementGuard.PlacementCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlacementCheckTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @Test
  void throwsOnAChangedPlacement() {
    var check = PlacementCheck.start(() -> List.of("acme has moved"));
    var thrown = assertThrows(PlacementMismatchException.class, () -> check.await(TIMEOUT));
    assertTrue(thrown.toString().contains("acme has moved"), thrown.toString());
  }

  @Test
  void doesNotBlockStartupWhileDynamoDbHangs() {
    var released = new CountDownLatch(1);
    var check =
        PlacementCheck.start(() -> {
          released.await();
          return List.of();
        });
    assertDoesNotThrow(() -> check.await(Duration.ofMillis(1)));
    released.countDown();
    assertDoesNotThrow(() -> check.await(TIMEOUT));
  }

  @Test
  void throwsWhenTheCheckFails() {
    var cause = new IllegalStateException("written by another release");
    var check =
        PlacementCheck.start(() -> {
          throw cause;
        });
    var thrown = assertThrows(IllegalStateException.class, () -> check.await(TIMEOUT));
    assertSame(cause, thrown.getCause());
  }
}
