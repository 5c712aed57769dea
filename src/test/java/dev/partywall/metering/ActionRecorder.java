package dev.partywall.metering;

import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.tenancy.TenantId;

/**
 * Prints the actions of a service to standard output, for the test that kills it. A line is printed
 * before its action has further effects. It ends with a dot, so a cut line is ignored.
 */
final class ActionRecorder {
  static final String END = " .";

  private long recordDone;
  private long inFlush;
  private long flushed;

  /** Records usage that is about to be metered. */
  void recordAttempt(long request, Usage.TenantHour slot, UsageMeter measure, long steps) {
    print("may %d %s %s %s %d".formatted(request, slot.tenant(), slot.hour(), measure, steps));
  }

  /** Records that all usage of a request has been metered. */
  synchronized void recordDone(long request) {
    recordDone++;
    print("done " + request);
  }

  /** Records an acknowledged order. */
  void recordOrder(TenantId tenant, String id) {
    print("order " + tenant + " " + id);
  }

  /**
   * Records the start of a flush. The flush before has ended, so requests done before it are on
   * disk.
   */
  synchronized void recordFlush() {
    if (inFlush > flushed) {
      flushed = inFlush;
      print("flushed " + flushed);
    }
    inFlush = recordDone;
  }

  synchronized void print(String line) {
    System.out.print(line + END + "\n");
    System.out.flush();
  }
}
