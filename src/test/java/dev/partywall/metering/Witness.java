package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;

/**
 * Says on standard output what a service does, for who kills it. A line is out before what it tells
 * of can have further consequences, and ends with a dot, so that one which was cut is no line.
 */
final class Witness {
  private long done;
  private long inFlush;
  private long flushed;

  /** A part of a request that is about to be metered. */
  void may(long request, Usage.Slot slot, Measure measure, long steps) {
    say("may %d %s %s %s %d".formatted(request, slot.tenant(), slot.hour(), measure, steps));
  }

  /** All parts of a request have been metered. */
  synchronized void done(long request) {
    done++;
    say("done " + request);
  }

  /** An order was acknowledged. */
  void order(TenantId tenant, String id) {
    say("order " + tenant + " " + id);
  }

  /** A flush begins, and so the one before has ended: what was done before that is on disk. */
  synchronized void flushes() {
    if (inFlush > flushed) {
      flushed = inFlush;
      say("flushed " + flushed);
    }
    inFlush = done;
  }

  synchronized void say(String line) {
    System.out.print(line + " .\n");
    System.out.flush();
  }
}
