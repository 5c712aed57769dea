package dev.partywall.bench;

/** Counts and latencies of successes, rejections and broken connections. */
final class ResponseStatistics {
  private final Latencies successes = new Latencies();
  private final Latencies rejections = new Latencies();
  private int brokenConnections;
  private long durationNanos = 1;
  private int unsent;

  /** Adds a response. Status 0 means that the connection broke without a response. */
  void add(int status, long nanos) {
    switch (status) {
      case 0 -> brokenConnections++;
      case 200 -> successes.add(nanos);
      default -> rejections.add(nanos);
    }
  }

  void add(ResponseStatistics other) {
    successes.add(other.successes);
    rejections.add(other.rejections);
    brokenConnections += other.brokenConnections;
  }

  /**
   * Sets the duration of the run and the number of requests not sent for lack of a free connection.
   */
  ResponseStatistics withDuration(long nanos, int unsentRequests) {
    durationNanos = nanos;
    unsent = unsentRequests;
    return this;
  }

  Latencies successes() {
    return successes;
  }

  Latencies rejections() {
    return rejections;
  }

  int brokenConnections() {
    return brokenConnections;
  }

  int unsent() {
    return unsent;
  }

  int total() {
    return successes.count() + rejections.count() + brokenConnections;
  }

  /** Returns the 200 responses per second. */
  double goodput() {
    return successes.count() * 1e9 / durationNanos;
  }

  /** Returns {@code count} as a percentage of all responses. */
  double percentage(int count) {
    return 100.0 * count / Math.max(1, total());
  }

  /** Returns the duration of the run in nanoseconds. */
  long durationNanos() {
    return durationNanos;
  }

  /** Returns the requests sent per second. Unsent requests do not reach the service. */
  double sentPerSecond() {
    return total() * 1e9 / durationNanos;
  }
}
