package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class UnauthenticatedLimitTest {
  private static void assertRejected(UnauthenticatedLimit limit) {
    var rejection = assertThrows(ApiException.class, () -> limit.call(() -> 1));
    assertInstanceOf(ApiError.AtCapacity.class, rejection.error());
  }

  @Test
  void returnsTheResultAndReleasesTheShare() {
    var limit = new UnauthenticatedLimit(1, 0);
    for (var i = 0; i < 3; i++) {
      assertEquals("verified", limit.call(() -> "verified"));
      assertThrows(IllegalStateException.class, () -> limit.call(this::failed));
    }
  }

  private String failed() {
    throw new IllegalStateException();
  }

  @Test
  void rejectsVerificationsThatCannotWait() {
    var limit = new UnauthenticatedLimit(2, 0);
    limit.call(() ->
        limit.call(() -> {
          assertRejected(limit);
          return 1;
        }));
  }

  @Test
  void aWaitingVerificationRunsWhenAnotherHasEnded() throws Exception {
    var limit = new UnauthenticatedLimit(1, 1);
    var waiting = new FutureTask<>(() -> limit.call(() -> "verified"));
    limit.call(() -> {
      var thread = Thread.startVirtualThread(waiting);
      while (thread.getState() != Thread.State.WAITING) {
        Conditions.pause();
      }
      assertRejected(limit);
      return 1;
    });
    assertEquals("verified", waiting.get());
  }

  @Test
  void anInterruptEndsTheWaitAndStaysPending() {
    var limit = new UnauthenticatedLimit(1, 1);
    limit.call(() -> {
      Thread.currentThread().interrupt();
      assertRejected(limit);
      assertTrue(Thread.interrupted());
      return 1;
    });
    assertEquals(1, limit.call(() -> 1), "the share of the rejected request is free");
  }

  @Test
  void rejectsLimitsBelowOne() {
    assertThrows(IllegalArgumentException.class, () -> new UnauthenticatedLimit(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new UnauthenticatedLimit(1, -1));
  }
}
