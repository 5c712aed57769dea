package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;

/**
 * Prints the actions of a service to standard output, for the test that kills it. A line is printed
 * before its action has further effects. It ends with a dot, so a cut line is ignored.
 */
final class Witness {
  static final String END = " .";

  private long done;
  private long inFlush;
  private long flushed;

  /** Records usage that is about to be metered. */
  void may(long request, Usage.Slot slot, Measure measure, long steps) {
    say("may %d %s %s %s %d".formatted(request, slot.tenant(), slot.hour(), measure, steps));
  }

  /** Records that all usage of a request has been metered. */
  synchronized void done(long request) {
    done++;
    say("done " + request);
  }

  /** Records an acknowledged order. */
  void order(TenantId tenant, String id) {
    say("order " + tenant + " " + id);
  }

  /**
   * Records the start of a flush. The flush before has ended, so requests done before it are on
   * disk.
   */
  synchronized void flushes() {
    if (inFlush > flushed) {
      flushed = inFlush;
      say("flushed " + flushed);
    }
    inFlush = done;
  }

  synchronized void say(String line) {
    System.out.print(line + END + "\n");
    System.out.flush();
  }
}
