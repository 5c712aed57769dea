package dev.partywall.tenancy.admission;

/**
 * The maximum number of concurrent requests. A fixed maximum is reached too late if a backend or
 * the processors are slow: their queue then grows where no fair order applies.
 *
 * <p>With free capacity, more concurrent requests do not change the latency. Under overload, the
 * latency is proportional to them. The limit therefore changes in steps by a factor of 1.4, and
 * each step is judged by its effect: the change of the latency relative to the change of the limit,
 * on logarithmic scales.
 *
 * <ul>
 *   <li>Above 0.8, the latency is mostly a queue, and the limit decreases by another step.
 *   <li>Below 0.5, capacity is free: an increase is followed by another one, and a decrease is
 *       taken back.
 *   <li>Between the two, the step is taken back.
 * </ul>
 *
 * <p>A step takes a window of at least 250 ms. The first one is made once per second: an increase
 * if requests waited, and otherwise a decrease below the requests in flight, if these are more than
 * the minimum. No latency is regarded as normal, so a backend that has become slower is not
 * mistaken for an overloaded one, and different kinds of requests need no separate limits.
 *
 * <p>Not safe for use by several threads.
 */
final class AdaptiveLimit {
  private static final long WINDOW_NANOS = 250_000_000L;
  private static final int MIN_SAMPLES = 20;
  private static final double STEP = 1.4;
  private static final double MAX_EFFECT_TO_INCREASE = 0.5;
  private static final double MIN_EFFECT_TO_DECREASE = 0.8;
  private static final int WINDOWS_TO_STAY = 4;

  private final int min;
  private final int max;
  private int limit;
  private boolean waited;
  private int peak;
  private long windowStart;
  private double logarithms;
  private int samples;
  private int windowsToStay;

  /** The limit and the latency before the latest step; the limit is 0 if no step was made. */
  private int limitBefore;

  private double latencyBefore;

  /** Creates a limit that starts at {@code min}. */
  AdaptiveLimit(int min, int max, long now) {
    this.min = min;
    this.max = max;
    this.limit = min;
    this.windowStart = now;
  }

  int value() {
    return limit;
  }

  /** Records the start of a request, after which so many are in flight. */
  void started(int inFlight) {
    peak = Math.max(peak, inFlight);
  }

  /** Records that a request waits because of the limit. */
  void waiting() {
    waited = true;
  }

  /** Records the end of a request. Requests that started before the window have another latency. */
  void ended(long latencyNanos, long now) {
    if (now - latencyNanos - windowStart >= 0) {
      logarithms += Math.log((double) Math.max(1, latencyNanos));
      samples++;
    }
    if (now - windowStart >= WINDOW_NANOS && samples >= MIN_SAMPLES) {
      adapt(logarithms / samples);
      startWindow(now);
    }
  }

  private void startWindow(long now) {
    windowStart = now;
    logarithms = 0;
    samples = 0;
    peak = 0;
    waited = false;
  }

  private void adapt(double latency) {
    if (limitBefore > 0) {
      judge(latency);
    } else if (--windowsToStay <= 0) {
      var used = waited ? limit : Math.min(limit, peak);
      step(used, waited && limit < max ? STEP : 1 / STEP, latency);
    }
  }

  private void judge(double latency) {
    var effect = (latency - latencyBefore) / Math.log((double) limit / limitBefore);
    var increased = limit > limitBefore;
    if (!waited) { // the limit had no effect
      stay(Math.max(limit, limitBefore));
    } else if (effect > MIN_EFFECT_TO_DECREASE) {
      step(limit, 1 / STEP, latency);
    } else if (increased && effect < MAX_EFFECT_TO_INCREASE) {
      step(limit, STEP, latency);
    } else {
      stay(limitBefore);
    }
  }

  private void step(int from, double factor, double latency) {
    var changed = clamp(from * factor);
    if (changed == limit || (from <= min && factor < 1)) {
      stay(limit);
    } else {
      limitBefore = from;
      latencyBefore = latency;
      limit = changed;
    }
  }

  private void stay(int value) {
    limit = value;
    limitBefore = 0;
    windowsToStay = WINDOWS_TO_STAY;
  }

  private int clamp(double value) {
    return Math.clamp(Math.round(value), min, max);
  }
}
