package dev.partywall.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The most requests that the whole service has in hand at once: a service that takes more than it
 * can do does less than it could. One more waits in line, which costs next to nothing, and is sent
 * away only when that takes too long. To send it away at once would cost more: its caller would be
 * back at once, too, and saying no to all of them would leave no time for serving any.
 *
 * <p>A request whose body is still on its way is in its caller's hand and not in ours, or those who
 * send slowly could keep everybody else out. There is room for so many of them too, and no more,
 * since what has arrived of their bodies takes memory.
 */
public final class Ceiling implements Filter {
  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final int most;
  private final long patienceNanos;
  private final Semaphore places;
  private final Semaphore awaited;

  /**
   * A ceiling of {@code most} requests.
   *
   * @param mostAwaited whose bodies are waited for, besides
   * @param patience of one more of either kind, for a place
   */
  public Ceiling(int most, int mostAwaited, Duration patience) {
    if (most < 1 || mostAwaited < 1) {
      throw new IllegalArgumentException("a ceiling of " + most + " lets nothing through");
    }
    this.most = most;
    this.patienceNanos = patience.toNanos();
    // Fair, or those who came first could wait in vain while others pass.
    this.places = new Semaphore(most, true);
    this.awaited = new Semaphore(mostAwaited, true);
  }

  /** How many are in hand now. */
  public int inHand() {
    return most - places.availablePermits();
  }

  /** How many wait for a place now. */
  public int inLine() {
    return places.getQueueLength();
  }

  /**
   * Asks {@code next} as soon as there is room.
   *
   * @throws Refused as {@link Refusal.Unavailable} when there is none in time
   */
  @Override
  public Response filter(Request request, Handler next) {
    var place = new Place(request.body());
    place.take();
    try {
      return next.handle(request.with(place));
    } finally {
      place.leave();
    }
  }

  private static Refused full() {
    return new Refused(new Refusal.Unavailable("the service is full", COME_BACK));
  }

  /** One request's place, which it gives away while it waits for its caller. */
  private final class Place implements Body {
    private final Body body;
    private boolean taken;
    private boolean waited;

    Place(Body body) {
      this.body = body;
    }

    void take() {
      taken = enter(places);
      if (!taken) {
        throw full();
      }
    }

    private boolean enter(Semaphore room) {
      try {
        return room.tryAcquire(patienceNanos, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the request's deadline has passed
        return false;
      }
    }

    void leave() {
      if (taken) {
        taken = false;
        places.release();
      }
      if (waited) {
        waited = false;
        awaited.release();
      }
    }

    @Override
    public boolean isHere() {
      return body.isHere();
    }

    @Override
    public byte[] bytes() {
      return body.isHere() ? body.bytes() : await();
    }

    private byte[] await() {
      leave();
      waited = enter(awaited);
      if (!waited) {
        throw full();
      }
      try {
        return body.bytes();
      } finally {
        goOn();
      }
    }

    /**
     * Back without standing in line: to refuse it now would be a waste of all that was waited for.
     * Where there is no place it goes on by the permit it has, so that there are never more.
     */
    private void goOn() {
      taken = places.tryAcquire();
      if (taken) {
        waited = false;
        awaited.release();
      }
    }
  }
}
