package dev.partywall.metering.meter;

import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Accumulates a tenant's usage of one hour. Many threads add concurrently, without a lock.
 *
 * <p>The sums only grow. The amounts already written to the journal are recorded beside them and
 * not subtracted. So no amount is lost between reading a sum and resetting it, and an amount that
 * could not be written is included in the next write.
 *
 * <p>A thread acquires the counter before it adds, and releases it afterwards. A retired counter
 * cannot be acquired and has no users; only a retired counter may be removed.
 */
final class UsageCounter {
  private static final int RETIRED = -1;
  private static final long SECONDS_PER_HOUR = Duration.ofHours(1).toSeconds();
  private static final long NANOS_PER_MILLI = Duration.ofMillis(1).toNanos();

  private final Usage.TenantHour tenantHour;
  private final AtomicReference<@Nullable String> tier = new AtomicReference<>();
  private final AtomicInteger users = new AtomicInteger();
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();
  private final LongAdder readUnits = new LongAdder();
  private final LongAdder writeUnits = new LongAdder();
  private final LongAdder busyNanos = new LongAdder();

  /** Accessed by the flusher only. */
  private Amounts written = Amounts.ZERO;

  UsageCounter(TenantId tenant, Instant hour) {
    this.tenantHour = new Usage.TenantHour(tenant, hour);
  }

  Usage.TenantHour tenantHour() {
    return tenantHour;
  }

  /** Returns the tier of the hour; empty until a request of the tenant had one. */
  Optional<String> tier() {
    return Optional.ofNullable(tier.get());
  }

  /** Sets the tier of the hour, unless it is set: a later change applies from the next hour. */
  void setTierIfAbsent(String name) {
    tier.compareAndSet(null, name);
  }

  /** Returns whether the instant is in this counter's hour. */
  boolean covers(Instant instant) {
    var seconds = instant.getEpochSecond() - tenantHour.hour().getEpochSecond();
    return seconds >= 0 && seconds < SECONDS_PER_HOUR;
  }

  boolean acquire() {
    for (var count = users.get(); count != RETIRED; count = users.get()) {
      if (users.compareAndSet(count, count + 1)) {
        return true;
      }
    }
    return false;
  }

  void release() {
    users.decrementAndGet();
  }

  /** Retires the counter unless it is in use. */
  void retire() {
    users.compareAndSet(0, RETIRED);
  }

  boolean isRetired() {
    return users.get() == RETIRED;
  }

  void addRequest() {
    requests.increment();
  }

  void addBytesIn(long bytes) {
    bytesIn.add(bytes);
  }

  void addBytesOut(long bytes) {
    bytesOut.add(bytes);
  }

  void addBusyNanos(long nanos) {
    busyNanos.add(nanos);
  }

  void addCapacity(long readThousandths, long writeThousandths) {
    if (readThousandths != 0) {
      readUnits.add(readThousandths);
    }
    if (writeThousandths != 0) {
      writeUnits.add(writeThousandths);
    }
  }

  /** Returns all amounts added so far. Declared meters are counted in the table instead. */
  Amounts sums() {
    return Amounts.ofKernel(meter ->
        switch (meter) {
          case REQUESTS -> requests.sum();
          case BYTES_IN -> bytesIn.sum();
          case BYTES_OUT -> bytesOut.sum();
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
