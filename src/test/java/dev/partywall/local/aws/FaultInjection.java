package dev.partywall.local.aws;

import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import java.time.Duration;

/** Injects faults and delays into one service. */
public final class FaultInjection {
  private volatile Mode mode = Mode.NORMAL;
  private volatile Duration responseDelay = Duration.ZERO;

  private enum Mode {
    NORMAL,
    UNAVAILABLE,
    DISCONNECTED
  }

  /** Responds with 503 to each call. */
  public void respondUnavailable() {
    mode = Mode.UNAVAILABLE;
  }

  /** Closes each connection without a response. */
  public void dropConnections() {
    mode = Mode.DISCONNECTED;
  }

  /** Restores normal responses. */
  public void restore() {
    mode = Mode.NORMAL;
  }

  /** Delays each response by {@code duration}. */
  public void delayResponses(Duration duration) {
    responseDelay = duration;
  }

  /** Returns whether connections are closed without a response. */
  boolean dropsConnections() {
    return mode == Mode.DISCONNECTED;
  }

  /**
   * Applies the delay, and rejects the call before it has any effect unless the service is
   * available.
   */
  void apply() {
    try {
      Thread.sleep(responseDelay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwsFault(AwsErrorCode.UNAVAILABLE, "Shutting down");
    }
    if (mode != Mode.NORMAL) {
      throw new AwsFault(AwsErrorCode.UNAVAILABLE, "Service is unavailable");
    }
  }
}
