package dev.partywall.local.aws;

import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Injects faults and delays into one service. */
public final class FaultInjection {
  private volatile Mode mode = Mode.NORMAL;
  private volatile Delay delay = new Delay(Duration.ZERO);

  private enum Mode {
    NORMAL,
    UNAVAILABLE,
    DISCONNECTED
  }

  /** A delay of each call, which {@link #restore} ends. */
  private record Delay(Duration duration, CountDownLatch ended) {
    Delay(Duration duration) {
      this(duration, new CountDownLatch(1));
    }

    /** Waits, and returns whether the delay was ended before its duration had passed. */
    boolean awaitEnd() throws InterruptedException {
      return !duration.isZero() && ended.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Responds with 503 to each call. */
  public void respondUnavailable() {
    mode = Mode.UNAVAILABLE;
  }

  /** Closes each connection without a response. */
  public void dropConnections() {
    mode = Mode.DISCONNECTED;
  }

  /**
   * Restores normal responses without delay. Rejects the calls that are being delayed, because
   * their clients have timed out: executed later, they would appear as calls of another test.
   */
  public void restore() {
    mode = Mode.NORMAL;
    delayResponses(Duration.ZERO);
  }

  /** Delays each response by {@code duration}. Rejects the calls that are being delayed. */
  public void delayResponses(Duration duration) {
    var former = delay;
    delay = new Delay(duration);
    former.ended().countDown();
  }

  /**
   * Applies the delay, and rejects the call before it has any effect unless the service is
   * available. This one decision applies to the whole call, so that a call cannot be executed and
   * then dropped, or the reverse, when the mode changes meanwhile.
   *
   * @throws AwsFault if the call is rejected with a response
   * @throws IOException if the connection must be closed without a response
   */
  void apply() throws IOException {
    try {
      if (delay.awaitEnd()) {
        throw new AwsFault(AwsErrorCode.UNAVAILABLE, "Delayed until the service was restored");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwsFault(AwsErrorCode.UNAVAILABLE, "Shutting down");
    }
    switch (mode) {
      case NORMAL -> {}
      case UNAVAILABLE -> throw new AwsFault(AwsErrorCode.UNAVAILABLE, "Service is unavailable");
      case DISCONNECTED -> throw new IOException("Connection closed without a response");
    }
  }
}
