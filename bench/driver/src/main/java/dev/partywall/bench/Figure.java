package dev.partywall.bench;

/** A figure measured for each service in each round. */
enum Figure {
  CPU("CPU per request", "µs", 0, true),
  THROUGHPUT("Throughput, saturated", "/s", 0, false),
  P50("Latency p50 at the fixed rate", "ms", 2, true),
  P99("Latency p99 at the fixed rate", "ms", 2, true),
  CPU_PACED("CPU per request at the fixed rate", "µs", 0, true),
  RSS_IDLE("Resident memory after the first answer", "MiB", 0, true),
  RSS("Resident memory after load", "MiB", 0, true),
  RSS_PEAK("Resident memory at its peak", "MiB", 0, true),
  START("Start to first 200", "ms", 0, true),
  START_CACHED("Start to first 200, AOT cache", "ms", 0, true),
  CACHE_SIZE("AOT cache", "MiB", 1, true),
  SIZE("Artefact", "MiB", 1, true);

  private final String label;
  private final String unit;
  private final int decimals;
  private final boolean lessIsBetter;

  Figure(String label, String unit, int decimals, boolean lessIsBetter) {
    this.label = label;
    this.unit = unit;
    this.decimals = decimals;
    this.lessIsBetter = lessIsBetter;
  }

  String label() {
    return label;
  }

  String unit() {
    return unit;
  }

  boolean lessIsBetter() {
    return lessIsBetter;
  }

  String format(double value) {
    return String.format(java.util.Locale.ROOT, "%,." + decimals + "f", value);
  }
}
