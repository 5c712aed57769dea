package dev.partywall.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The most requests that the whole service has in hand at once. One more is sent away before
 * anything was spent on it: a service that takes more than it can do does less than it could.
 */
public final class Ceiling implements Filter {
  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final int most;
  private final AtomicInteger inHand = new AtomicInteger();

  /** A ceiling of {@code most} requests. */
  public Ceiling(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("a ceiling of " + most + " lets nothing through");
    }
    this.most = most;
  }

  /** How many are in hand now. */
  public int inHand() {
    return inHand.get();
  }

  /**
   * Asks {@code next} while there is room.
   *
   * @throws Refused as {@link Refusal.Unavailable} when there is none
   */
  @Override
  public Response filter(Request request, Handler next) {
    try {
      if (inHand.incrementAndGet() > most) {
        throw new Refused(new Refusal.Unavailable("the service is full", COME_BACK));
      }
      return next.handle(request);
    } finally {
      inHand.decrementAndGet();
    }
  }
}
