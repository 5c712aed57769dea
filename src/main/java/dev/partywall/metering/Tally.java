package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where a tenant's usage of an hour is added up, by many threads at once and without a lock.
 *
 * <p>Its sums only grow. What has gone to the journal is remembered beside them and not taken off
 * them: so an amount can't get lost between reading a sum and setting it back, and one that could
 * not be written is simply written the next time.
 *
 * <p>Whoever adds has entered, and leaves when it has nothing more to add. A tally that is retired
 * can't be entered any more, and nobody is in it: only such a one may be forgotten.
 */
final class Tally {
  private static final int RETIRED = -1;
  private static final long SECONDS = Duration.ofHours(1).toSeconds();
  private static final long NANOS_PER_MILLI = Duration.ofMillis(1).toNanos();

  private final Usage.Slot slot;
  private final AtomicInteger inside = new AtomicInteger();
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();
  private final LongAdder readUnits = new LongAdder();
  private final LongAdder writeUnits = new LongAdder();
  private final LongAdder busyNanos = new LongAdder();

  /** Touched by the flusher alone. */
  private Amounts written = Amounts.NONE;

  Tally(TenantId tenant, Instant hour) {
    this.slot = new Usage.Slot(tenant, hour);
  }

  Usage.Slot slot() {
    return slot;
  }

  /** Whether that instant lies in its hour. */
  boolean isOf(Instant instant) {
    var since = instant.getEpochSecond() - slot.hour().getEpochSecond();
    return since >= 0 && since < SECONDS;
  }

  boolean enter() {
    for (var now = inside.get(); now != RETIRED; now = inside.get()) {
      if (inside.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  void leave() {
    inside.decrementAndGet();
  }

  /** Lets nobody in any more, unless somebody is inside. */
  void retire() {
    inside.compareAndSet(0, RETIRED);
  }

  boolean isRetired() {
    return inside.get() == RETIRED;
  }

  void request() {
    requests.increment();
  }

  void received(long bytes) {
    bytesIn.add(bytes);
  }

  void sent(long bytes) {
    bytesOut.add(bytes);
  }

  void busy(long nanos) {
    busyNanos.add(nanos);
  }

  void consumed(long readThousandths, long writeThousandths) {
    if (readThousandths != 0) {
      readUnits.add(readThousandths);
    }
    if (writeThousandths != 0) {
      writeUnits.add(writeThousandths);
    }
  }

  /** All that has been added so far. Orders placed are never added: they are counted. */
  Amounts sums() {
    return Amounts.of(measure ->
        switch (measure) {
          case REQUESTS -> requests.sum();
          case BYTES_IN -> bytesIn.sum();
          case BYTES_OUT -> bytesOut.sum();
          case ORDERS_PLACED -> 0;
          case READ_UNITS -> readUnits.sum();
          case WRITE_UNITS -> writeUnits.sum();
          case BUSY -> busyNanos.sum() / NANOS_PER_MILLI;
        });
  }

  Amounts written() {
    return written;
  }

  void written(Amounts sums) {
    written = sums;
  }
}
