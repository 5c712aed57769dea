package dev.partywall.local.aws;

import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.Code;
import java.time.Duration;

/** Injects faults and delays into one service. */
public final class Weather {
  private volatile Mode mode = Mode.NORMAL;
  private volatile Duration responseDelay = Duration.ZERO;

  private enum Mode {
    NORMAL,
    UNAVAILABLE,
    DISCONNECTED
  }

  /** Responds with 503 to each call. */
  public void unavailable() {
    mode = Mode.UNAVAILABLE;
  }

  /** Closes each connection without a response. */
  public void gone() {
    mode = Mode.DISCONNECTED;
  }

  /** Restores normal responses. */
  public void back() {
    mode = Mode.NORMAL;
  }

  /** Delays each response by {@code duration}. */
  public void delay(Duration duration) {
    responseDelay = duration;
  }

  /** Returns whether connections are closed without a response. */
  boolean isGone() {
    return mode == Mode.DISCONNECTED;
  }

  /**
   * Applies the delay, and rejects the call before it has any effect unless the service is
   * available.
   */
  void pass() {
    try {
      Thread.sleep(responseDelay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwsFault(Code.UNAVAILABLE, "Shutting down");
    }
    if (mode != Mode.NORMAL) {
      throw new AwsFault(Code.UNAVAILABLE, "Service is unavailable");
    }
  }
}
