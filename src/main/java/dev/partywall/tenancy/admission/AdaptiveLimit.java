package dev.partywall.tenancy.admission;

/**
 * The maximum number of concurrent requests. A fixed maximum is reached too late if a backend or
 * the processors are slow: their queue then grows where no fair order applies.
 *
 * <p>With free capacity, more concurrent requests do not change the latency. Under overload, the
 * latency is proportional to them. The limit therefore changes in steps, and each step is judged by
 * its effect: the change of the latency relative to the change of the limit, on logarithmic scales.
 *
 * <ul>
 *   <li>Above 0.8, the latency is mostly a queue, and the limit decreases by another step.
 *   <li>Below 0.5, capacity is free: an increase is followed by another one, and a decrease is
 *       taken back.
 *   <li>Between the two, the step is taken back.
 * </ul>
 *
 * <p>A step takes a window of at least 250 ms. Only requests that start in the window show its
 * effect, and the window lasts until as many of them have ended as were in flight, because the
 * first ones to end are the short ones. A step is a factor of 1.4, or of 2 if responses take longer
 * than 250 ms: windows are long then, and few steps suffice.
 *
 * <p>The first step is an increase if requests waited, a second after the last step. Otherwise, it
 * is a decrease below the requests in flight, if these are more than the minimum. A decrease with
 * free capacity reduces the throughput for a window, so it is made after four windows.
 *
 * <p>No latency is regarded as normal, so a backend that has become slower is not mistaken for an
 * overloaded one, and different kinds of requests need no separate limits.
 *
 * <p>Not safe for use by several threads.
 */
final class AdaptiveLimit {
  private static final long WINDOW_NANOS = 250_000_000L;
  private static final double STEP = 1.4;
  private static final double STEP_IF_SLOW = 2;
  private static final double MAX_EFFECT_TO_INCREASE = 0.5;
  private static final double MIN_EFFECT_TO_DECREASE = 0.8;
  private static final long NANOS_BEFORE_INCREASE = 1_000_000_000L;
  private static final int WINDOWS_BEFORE_DECREASE = 4;

  private final int min;
  private final int max;
  private int limit;
  private boolean waited;
  private int peak;
  private long windowStart;
  private double logarithms;
  private int samples;

  /** The time and the windows since the latest step. The first step is made at once. */
  private long nanosStayed = NANOS_BEFORE_INCREASE;

  private int windowsStayed = WINDOWS_BEFORE_DECREASE;

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
    if (now - windowStart >= WINDOW_NANOS && samples >= Math.max(min, peak)) {
      adapt(logarithms / samples, now - windowStart);
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

  private void adapt(double latency, long windowNanos) {
    nanosStayed += windowNanos;
    windowsStayed++;
    if (limitBefore > 0) {
      judge(latency);
    } else if (waited && limit < max) {
      if (nanosStayed >= NANOS_BEFORE_INCREASE) {
        step(limit, factor(latency), latency);
      }
    } else if (windowsStayed >= WINDOWS_BEFORE_DECREASE) {
      var used = waited ? limit : Math.min(limit, peak);
      step(used, 1 / factor(latency), latency);
    }
  }

  private static double factor(double latency) {
    return latency > Math.log(WINDOW_NANOS) ? STEP_IF_SLOW : STEP;
  }

  private void judge(double latency) {
    var effect = (latency - latencyBefore) / Math.log((double) limit / limitBefore);
    var increased = limit > limitBefore;
    if (!waited) { // the limit had no effect
      stay(Math.max(limit, limitBefore));
    } else if (effect > MIN_EFFECT_TO_DECREASE) {
      step(limit, 1 / factor(latency), latency);
    } else if (increased && effect < MAX_EFFECT_TO_INCREASE) {
      step(limit, factor(latency), latency);
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
    nanosStayed = 0;
    windowsStayed = 0;
  }

  private int clamp(double value) {
    return Math.clamp(Math.round(value), min, max);
  }
}
