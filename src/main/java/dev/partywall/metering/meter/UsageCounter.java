package dev.partywall.metering.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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

  /** With the names of 200 uses, an update of an item stays below the limit of 4 KB. */
  private static final int MAX_USES = 200;

  private static final long SECONDS_PER_HOUR = Duration.ofHours(1).toSeconds();
  private static final long NANOS_PER_MILLI = Duration.ofMillis(1).toNanos();

  private final Usage.TenantHour tenantHour;
  private final long hourStart;
  private final AtomicReference<@Nullable String> tier = new AtomicReference<>();
  private final AtomicInteger users = new AtomicInteger();

  /** Whether an amount can have been added since the last read. Most counters are idle. */
  private volatile boolean changed;

  private final LongAdder requests = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();
  private final LongAdder readUnits = new LongAdder();
  private final LongAdder writeUnits = new LongAdder();
  private final LongAdder busyNanos = new LongAdder();
  private final LongAdder operationReadUnits = new LongAdder();
  private final LongAdder operationWriteUnits = new LongAdder();

  /** A tenant uses few of the routes and features, so most counters have few entries. */
  private final ConcurrentMap<UsageMeter, LongAdder> uses = new ConcurrentHashMap<>();

  /** Concurrent requests may store their times in another order: milliseconds apart. */
  private volatile @Nullable Instant lastRequestAt;

  /** Accessed by the flusher only. */
  private Written written = Written.NONE;

  /**
   * The amounts that are in the journal.
   *
   * @param sums the amounts of the kernel's meters, and the capacity of operations
   * @param uses the numbers of uses
   */
  record Written(Amounts sums, Amounts uses) {
    private static final Written NONE = new Written(Amounts.ZERO, Amounts.ZERO);
  }

  UsageCounter(MeteredTenant tenant, Instant hour) {
    this.tenantHour = new Usage.TenantHour(tenant, hour);
    this.hourStart = hour.getEpochSecond();
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
    var seconds = instant.getEpochSecond() - hourStart;
    return seconds >= 0 && seconds < SECONDS_PER_HOUR;
  }

  boolean acquire() {
    for (var count = users.get(); count != RETIRED; count = users.get()) {
      if (users.compareAndSet(count, count + 1)) {
        setChanged();
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

  /** Lets the next {@link #takeChanged} return true. */
  void setChanged() {
    if (!changed) {
      changed = true;
    }
  }

  /**
   * Returns whether an amount can have been added since the last call, or the counter is retired.
   * Call this before the amounts are read: a user of the counter can add amounts afterwards, so the
   * next call returns true as well.
   */
  boolean takeChanged() {
    if (!changed && users.get() == 0) {
      return false; // clears nothing: a user that sets the flag now is seen by the next call
    }
    changed = false;
    if (users.get() != 0) {
      changed = true;
    }
    return true;
  }

  boolean isRetired() {
    return users.get() == RETIRED;
  }

  void addRequest(Instant now) {
    requests.increment();
    lastRequestAt = now;
  }

  /**
   * Adds a use of a route or a feature. A service has few of both. The limit bounds the size of an
   * item in the ledger, if a capability evaluates features with many names.
   */
  void addUse(UsageMeter meter) {
    var adder = uses.get(meter);
    if (adder == null && uses.size() < MAX_USES) {
      adder = uses.computeIfAbsent(meter, _ -> new LongAdder());
    }
    if (adder != null) {
      adder.increment();
    }
  }

  /** Returns the time of the last request. */
  Optional<Instant> lastRequestAt() {
    return Optional.ofNullable(lastRequestAt);
  }

  /** Returns the numbers of uses so far. */
  Amounts uses() {
    var steps = new HashMap<UsageMeter, Long>();
    uses.forEach((meter, adder) -> steps.put(meter, adder.sum()));
    return Amounts.of(steps);
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

  /** Adds the capacity of an operation on the tenant. */
  void addOperationCapacity(long readThousandths, long writeThousandths) {
    operationReadUnits.add(readThousandths);
    operationWriteUnits.add(writeThousandths);
  }

  /**
   * Returns all amounts added so far, except the numbers of uses. Declared meters are counted in
   * the table instead.
   */
  Amounts sums() {
    var tenant =
        Amounts.ofKernel(meter ->
            switch (meter) {
              case REQUESTS -> requests.sum();
              case BYTES_IN -> bytesIn.sum();
              case BYTES_OUT -> bytesOut.sum();
              case READ_UNITS -> readUnits.sum();
              case WRITE_UNITS -> writeUnits.sum();
              case BUSY -> busyNanos.sum() / NANOS_PER_MILLI;
            });
    var reads = operationReadUnits.sum();
    var writes = operationWriteUnits.sum();
    return reads == 0 && writes == 0
        ? tenant
        : tenant.plus(
            Amounts.of(
                Map.of(OperationMeter.READ_UNITS, reads, OperationMeter.WRITE_UNITS, writes)));
  }

  Written written() {
    return written;
  }

  void written(Written amounts) {
    written = amounts;
  }
}
