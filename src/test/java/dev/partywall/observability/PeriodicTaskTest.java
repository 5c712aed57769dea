package dev.partywall.observability;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PeriodicTaskTest {
  @Test
  void continuesAfterAFailure() throws Exception {
    var calls = new CountDownLatch(3);
    try (var _ = new PeriodicTask().every(Duration.ofMillis(1), () -> fail(calls))) {
      calls.await();
    }
  }

  private static void fail(CountDownLatch calls) {
    calls.countDown();
    throw new IllegalStateException("failing on purpose");
  }
}
