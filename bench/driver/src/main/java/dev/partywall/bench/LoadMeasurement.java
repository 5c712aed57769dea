package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * The result of a load at a fixed rate.
 *
 * @param offeredRate requests per second; a request without a free connection is not sent
 * @param cpu processor time of the service during the load
 */
record LoadMeasurement(double offeredRate, ResponseStatistics responses, Duration cpu) {
  private static final double MIN_REJECTED_SHARE = 0.2;

  static LoadMeasurement measure(
      ProductProcess product, OpenLoopLoad load, Duration time, double rate)
      throws IOException, InterruptedException {
    var connections = load.open();
    var before = product.cpu();
    var answers = load.run(connections, time, (int) rate);
    return new LoadMeasurement((int) rate, answers, product.cpu().minus(before));
  }

  /** Returns the processor use of the service in percent of one processor. */
  double processorUse() {
    return 100.0 * cpu.toNanos() / responses.durationNanos();
  }

  /** Returns processor time per 200 in microseconds, including the time for rejections. */
  double cpuPerSuccess() {
    return cpu.toNanos() / 1e3 / responses.successes().count();
  }

  /**
   * Returns processor time per rejection in microseconds, after subtracting {@code
   * microsPerSuccess} for each 200. Returns NaN if few requests were rejected.
   */
  double cpuPerRejection(double microsPerSuccess) {
    var rejected = responses.rejections().count();
    return rejected < MIN_REJECTED_SHARE * responses.total()
        ? Double.NaN
        : (cpu.toNanos() / 1e3 - responses.successes().count() * microsPerSuccess) / rejected;
  }

  double successLatency(double percent) {
    return percentile(responses.successes(), percent);
  }

  double rejectionLatency(double percent) {
    return percentile(responses.rejections(), percent);
  }

  private static double percentile(Latencies latencies, double percent) {
    return latencies.count() == 0 ? Double.NaN : latencies.percentile(percent);
  }
}
