package dev.partywall.concurrent;

import java.util.concurrent.CountDownLatch;

/** Waits for latches in code that cannot throw checked exceptions. */
public final class Latches {
  private Latches() {}

  /**
   * Waits for the latch.
   *
   * @throws IllegalStateException if the thread is interrupted
   */
  public static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
