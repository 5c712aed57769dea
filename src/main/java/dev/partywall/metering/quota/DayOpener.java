package dev.partywall.metering.quota;

import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.concurrent.TwoGenerationCache;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.journal.Shipper;
import dev.partywall.metering.ledger.DailyRequests;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Opens the days of each batch after it is in the ledger. An open is valid for a limited time. So a
 * day costs a write every ten minutes, and not one per batch.
 *
 * <p>A batch whose day cannot be opened counts as not shipped. It is shipped again, which adds
 * nothing, and then its day is opened. So a crash between the two leaves no wrong number.
 */
public final class DayOpener implements Shipper.BatchDestination {
  /** The validity of an open. Shorter than {@link MonthReader#CLOSING_DELAY}. */
  static final Duration VALIDITY = Duration.ofMinutes(10);

  private static final int MAX_OPENED_DAYS = 200_000;

  private final Shipper.BatchDestination ledger;
  private final DailyRequests dailyRequests;
  private final Supplier<UUID> nonces;
  private final LongSupplier nanoTime;

  /** The start of the last open of each day. To forget one costs only another write. */
  private final TwoGenerationCache<TenantDay, Long> openedAt =
      new TwoGenerationCache<>(MAX_OPENED_DAYS);

  private record TenantDay(MeteredTenant tenant, LocalDate day) {
    static TenantDay of(Usage usage) {
      return new TenantDay(usage.tenant(), LocalDate.ofInstant(usage.hour(), ZoneOffset.UTC));
    }
  }

  /**
   * Creates a destination in front of the ledger.
   *
   * @param nonces globally unique ids
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public DayOpener(
      Shipper.BatchDestination ledger,
      DailyRequests dailyRequests,
      Supplier<UUID> nonces,
      LongSupplier nanoTime) {
    this.ledger = ledger;
    this.dailyRequests = dailyRequests;
    this.nonces = nonces;
    this.nanoTime = nanoTime;
  }

  @Override
  public void ship(Batch batch) {
    ledger.ship(batch);
    var toOpen = daysToOpen(batch);
    if (!toOpen.isEmpty()) {
      BoundedParallel.eachOrThrow(toOpen, this::open);
    }
  }

  /** Compares the time after the batch is in the ledger: a paused process may have shipped late. */
  private List<TenantDay> daysToOpen(Batch batch) {
    var now = nanoTime.getAsLong();
    return batch.usage().stream()
        .filter(usage -> usage.amounts().steps(KernelMeter.REQUESTS) != 0)
        .map(TenantDay::of)
        .distinct()
        .filter(day -> !isOpen(day, now))
        .toList();
  }

  private boolean isOpen(TenantDay day, long now) {
    var opened = openedAt.get(day);
    return opened != null && now - opened < VALIDITY.toNanos();
  }

  private void open(TenantDay day) {
    var start = nanoTime.getAsLong();
    dailyRequests.open(day.tenant(), day.day(), nonces.get());
    openedAt.put(day, start);
  }
}
