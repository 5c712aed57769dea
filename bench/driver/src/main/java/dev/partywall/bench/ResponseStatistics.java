package dev.partywall.bench;

/** Answers of all kinds: those that were wanted, refusals, and connections that broke. */
final class ResponseStatistics {
  private final Latencies served = new Latencies();
  private final Latencies refused = new Latencies();
  private int broken;
  private long nanos = 1;
  private int never;

  /** Status 0 is for none at all. */
  void add(int status, long took) {
    switch (status) {
      case 0 -> broken++;
      case 200 -> served.add(took);
      default -> refused.add(took);
    }
  }

  void add(ResponseStatistics others) {
    served.add(others.served);
    refused.add(others.refused);
    broken += others.broken;
  }

  /** They came in that time; so many questions were never put, since no connection was free. */
  ResponseStatistics over(long time, int unasked) {
    nanos = time;
    never = unasked;
    return this;
  }

  Latencies served() {
    return served;
  }

  Latencies refused() {
    return refused;
  }

  int broken() {
    return broken;
  }

  int never() {
    return never;
  }

  int all() {
    return served.count() + refused.count() + broken;
  }

  /** 200s a second. */
  double goodput() {
    return served.count() * 1e9 / nanos;
  }

  /** Of how many of a hundred it was. */
  double percentOfAll(int count) {
    return 100.0 * count / Math.max(1, all());
  }

  /** How long it took, in nanoseconds. */
  long nanos() {
    return nanos;
  }

  /** All that was asked, a second: what never was has not reached the service. */
  double reached() {
    return all() * 1e9 / nanos;
  }
}
