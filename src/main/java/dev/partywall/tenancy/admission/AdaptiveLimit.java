package dev.partywall.tenancy.admission;

/**
 * The maximum number of concurrent requests. A fixed maximum is reached too late if a backend is
 * slow: its queue then grows there, where no fair order applies.
 *
 * <p>If a backend has free capacity, more concurrent requests do not change its latency. If it is
 * overloaded, its latency is proportional to them. The limit therefore changes in steps, and each
 * step is judged by its effect: the change of the latency relative to the change of the limit, on
 * logarithmic scales.
 *
 * <ul>
 *   <li>Below 0.5, the next step is an increase by 1.4.
 *   <li>Above 0.8, the latency is mostly a queue, and the next step is a decrease by 1.4.
 *   <li>Between the two, the limit stays for a second, and then increases again.
 * </ul>
 *
 * <p>At its maximum, the limit decreases once per second for the same comparison.
 *
 * <p>A step takes a window of at least 250 ms, and is made only if requests waited for the limit.
 * No latency is regarded as normal, so a backend that has become slower is not mistaken for an
 * overloaded one, and different kinds of requests need no separate limits. Without waiting
 * requests, the limit decreases to twice the requests in flight: a limit from better times would be
 * reached too late.
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
  private static final double DECAY = 0.9;
  private static final int USED_PARTS = 2;

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
    if (!waited) {
      limitBefore = 0;
      limit = clamp(Math.min(limit, Math.max(limit * DECAY, USED_PARTS * peak)));
    } else if (limitBefore > 0) {
      judge(latency);
    } else if (--windowsToStay <= 0) {
      step(limit < max ? STEP : 1 / STEP, latency);
    }
  }

  private void judge(double latency) {
    var effect = (latency - latencyBefore) / Math.log((double) limit / limitBefore);
    if (effect < MAX_EFFECT_TO_INCREASE) {
      step(STEP, latency);
    } else if (effect > MIN_EFFECT_TO_DECREASE) {
      step(1 / STEP, latency);
    } else {
      stay();
    }
  }

  private void step(double factor, double latency) {
    var changed = clamp(limit * factor);
    if (changed == limit) { // at a bound
      stay();
    } else {
      limitBefore = limit;
      latencyBefore = latency;
      limit = changed;
    }
  }

  private void stay() {
    limitBefore = 0;
    windowsToStay = WINDOWS_TO_STAY;
  }

  private int clamp(double value) {
    return Math.clamp(Math.round(value), min, max);
  }
}
