package dev.partywall.local.aws;

import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.Code;
import java.time.Duration;

/** How well one service can be reached: for tests that take it away, or slow it down. */
public final class Weather {
  private volatile Sky sky = Sky.CLEAR;
  private volatile Duration delay = Duration.ZERO;

  private enum Sky {
    CLEAR,
    UNAVAILABLE,
    GONE
  }

  /** From now on each call is answered 503. */
  public void unavailable() {
    sky = Sky.UNAVAILABLE;
  }

  /** From now on each connection breaks without an answer. */
  public void gone() {
    sky = Sky.GONE;
  }

  /** From now on the service answers again. */
  public void back() {
    sky = Sky.CLEAR;
  }

  /** From now on each answer takes so much longer. */
  public void delay(Duration each) {
    delay = each;
  }

  /** Whether the connection is to be broken. */
  boolean isGone() {
    return sky == Sky.GONE;
  }

  /** What is not clear stops a call before it has done anything. */
  void pass() {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwsFault(Code.UNAVAILABLE, "Shutting down");
    }
    if (sky != Sky.CLEAR) {
      throw new AwsFault(Code.UNAVAILABLE, "Service is unavailable");
    }
  }
}
