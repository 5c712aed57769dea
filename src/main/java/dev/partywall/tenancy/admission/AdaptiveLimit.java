package dev.partywall.tenancy.admission;

import java.util.Arrays;

/**
 * The maximum number of concurrent requests, adapted to the latency of the backends. A fixed
 * maximum is reached too late if a backend is slow: its queue then grows there, where no fair order
 * applies.
 *
 * <p>At the end of each window of 250 ms, the median latency is compared with the lowest median of
 * the last minute:
 *
 * <ul>
 *   <li>Above 2.5 times the lowest, the limit becomes 0.8 times the requests in flight. Such a
 *       latency is mostly a queue.
 *   <li>Up to 1.5 times the lowest, the limit increases by a quarter, if it was reached.
 *   <li>Between the two, it does not change.
 * </ul>
 *
 * <p>After a minute, the limit is 0.6 times its value for one window, and the median of that window
 * becomes the lowest. A backend that has become slower is therefore not mistaken for an overloaded
 * one for longer than a minute. An overloaded backend is then 1/0.6 = 1.7 times faster, which
 * leaves the limit unchanged: repeated measurements do not raise it.
 *
 * <p>The median is used because a few requests of a slow kind must not reduce the limit.
 *
 * <p>Not safe for use by several threads.
 */
final class AdaptiveLimit {
  private static final long WINDOW_NANOS = 250_000_000L;
  private static final int MIN_SAMPLES = 20;
  private static final long MAX_AGE_NANOS = 60_000_000_000L;
  private static final double MAX_RATIO_TO_INCREASE = 1.5;
  private static final double MIN_RATIO_TO_DECREASE = 2.5;
  private static final double INCREASE = 1.25;
  private static final double DECREASE = 0.8;
  private static final double MEASUREMENT = 0.6;

  private final int min;
  private final int max;
  private final LatencyHistogram latencies = new LatencyHistogram();
  private int limit;
  private int peak;
  private long windowStart;
  private long lowest = Long.MAX_VALUE;
  private long measuredAt;
  private int limitBeforeMeasurement;

  /** Creates a limit that starts at {@code min}, where the latency is not yet a queue. */
  AdaptiveLimit(int min, int max, long now) {
    this.min = min;
    this.max = max;
    this.limit = min;
    this.windowStart = now;
    this.measuredAt = now;
  }

  int value() {
    return limit;
  }

  /** Records the start of a request, after which so many are in flight. */
  void started(int inFlight) {
    peak = Math.max(peak, inFlight);
  }

  /** Records the end of a request. */
  void ended(long latencyNanos, long now) {
    latencies.add(latencyNanos);
    if (now - windowStart >= WINDOW_NANOS && latencies.count >= MIN_SAMPLES) {
      adapt(latencies.median(), now);
      latencies.clear();
      peak = 0;
      windowStart = now;
    }
  }

  private void adapt(long median, long now) {
    if (limitBeforeMeasurement > 0) {
      lowest = median;
      limit = limitBeforeMeasurement;
      limitBeforeMeasurement = 0;
      measuredAt = now;
    } else if (now - measuredAt >= MAX_AGE_NANOS) {
      limitBeforeMeasurement = limit;
      limit = clamp(limit * MEASUREMENT);
    } else {
      lowest = Math.min(lowest, median);
      limit = clamp(adapted((double) median / lowest));
    }
  }

  private double adapted(double ratio) {
    if (ratio > MIN_RATIO_TO_DECREASE && peak > min) {
      return Math.min(limit, peak) * DECREASE;
    }
    return ratio <= MAX_RATIO_TO_INCREASE && peak >= limit ? limit * INCREASE : limit;
  }

  private int clamp(double value) {
    return Math.clamp((long) value, min, max);
  }

  /** Counts latencies in ranges of 9 to 13 %, of which eight cover a factor of two. */
  private static final class LatencyHistogram {
    private static final int RANGES = 64 * 8;

    private final int[] counts = new int[RANGES];
    private int count;

    void add(long nanos) {
      counts[rangeOf(Math.max(8, nanos))]++;
      count++;
    }

    private static int rangeOf(long value) {
      var exponent = 63 - Long.numberOfLeadingZeros(value);
      return exponent * 8 + (int) ((value >>> (exponent - 3)) & 7);
    }

    /** Returns the lower end of the range that contains the median. */
    long median() {
      var range = 0;
      for (var below = counts[0]; 2 * below < count; below += counts[range]) {
        range++;
      }
      return (8L + range % 8) << (range / 8 - 3);
    }

    void clear() {
      Arrays.fill(counts, 0);
      count = 0;
    }
  }
}
