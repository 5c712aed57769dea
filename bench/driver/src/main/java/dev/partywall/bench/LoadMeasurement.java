package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * What became of requests that were to come at a fixed rate.
 *
 * @param wanted a second; of these only so many reach the service as there are free connections
 * @param cpu processor time of the service meanwhile
 */
record LoadMeasurement(double wanted, ResponseStatistics answers, Duration cpu) {
  private static final double LEAST_REFUSED = 0.2;

  static LoadMeasurement of(ProductProcess specimen, OpenLoopLoad load, Duration time, double rate)
      throws IOException, InterruptedException {
    var connections = load.open();
    var before = specimen.cpu();
    var answers = load.offer(connections, time, (int) rate);
    return new LoadMeasurement((int) rate, answers, specimen.cpu().minus(before));
  }

  /** How much of a processor the service took, in percent. */
  double use() {
    return 100.0 * cpu.toNanos() / answers.nanos();
  }

  /** Microseconds of processor time for each 200, the refusals' included. */
  double cpuPerServed() {
    return cpu.toNanos() / 1e3 / answers.served().count();
  }

  /** What was spent beyond the 200s at that price each; NaN where hardly any was refused. */
  double cpuPerRefusal(double served) {
    var refused = answers.refused().count();
    return refused < LEAST_REFUSED * answers.all()
        ? Double.NaN
        : (cpu.toNanos() / 1e3 - answers.served().count() * served) / refused;
  }

  double servedWithin(double percent) {
    return within(answers.served(), percent);
  }

  double refusedWithin(double percent) {
    return within(answers.refused(), percent);
  }

  private static double within(Latencies latencies, double percent) {
    return latencies.count() == 0 ? Double.NaN : latencies.percentile(percent);
  }
}
