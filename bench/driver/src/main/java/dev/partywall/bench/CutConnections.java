package dev.partywall.bench;

import java.util.Map;
import java.util.TreeMap;

/** Counts the cut connections of slow clients, with the time until the cut. */
final class CutConnections {
  private final Map<Integer, Latencies> byStatus = new TreeMap<>();

  /** Records a cut. Status 0 means that the connection was closed without a response. */
  synchronized void record(int status, long nanos) {
    byStatus.computeIfAbsent(status, _ -> new Latencies()).add(nanos);
  }

  /** Returns a summary in one line. */
  synchronized String summary() {
    var text = new StringBuilder();
    byStatus.forEach((status, after) -> {
      text.append(text.isEmpty() ? "" : "; ")
          .append(
              "%,d %s after %.1f s (median; from %.1f to %.1f)"
                  .formatted(
                      after.count(),
                      status == 0 ? "closed without a response" : "answered " + status,
                      after.percentile(50) / 1e3,
                      after.percentile(0) / 1e3,
                      after.percentile(100) / 1e3));
    });
    return text.isEmpty() ? "no connection was cut" : text.toString();
  }
}
