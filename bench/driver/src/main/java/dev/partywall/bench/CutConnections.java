package dev.partywall.bench;

import java.util.Map;
import java.util.TreeMap;

/** What became of slow callers, and after how long. */
final class CutConnections {
  private final Map<Integer, Latencies> byStatus = new TreeMap<>();

  /** Status 0 is for a connection that was closed without an answer. */
  synchronized void met(int status, long nanos) {
    byStatus.computeIfAbsent(status, _ -> new Latencies()).add(nanos);
  }

  /** In one line. */
  synchronized String told() {
    var text = new StringBuilder();
    byStatus.forEach((status, after) -> {
      text.append(text.isEmpty() ? "" : "; ")
          .append(
              "%,d %s after %.1f s (median; from %.1f to %.1f)"
                  .formatted(
                      after.count(),
                      status == 0 ? "closed without an answer" : "answered " + status,
                      after.percentile(50) / 1e3,
                      after.percentile(0) / 1e3,
                      after.percentile(100) / 1e3));
    });
    return text.isEmpty() ? "none was cut" : text.toString();
  }
}
