package dev.partywall.metering.billing;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.tenancy.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Reads the bills of tenants for operators. The memory is bounded: an hour takes about 3 KB while
 * it is read, and the operators' requests together read at most as many hours at a time as 16
 * tenants have in 31 days (36 MB).
 */
public final class TenantBills {
  private static final int PERMITS = 16;
  private static final Duration SHORT_PERIOD = Duration.ofDays(31);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final Ledger ledger;
  private final Optional<PriceList> prices;
  private final Function<Tenant, String> tierNames;

  /** Fair: otherwise, a sequence of short periods delays a long one without a bound. */
  private final Semaphore permits = new Semaphore(PERMITS, true);

  /**
   * Creates a reader of the ledger.
   *
   * @param prices adds charges and cost
   * @param tierNames returns the name of the tier that applies to a tenant
   */
  public TenantBills(
      Ledger ledger, Optional<PriceList> prices, Function<Tenant, String> tierNames) {
    this.ledger = ledger;
    this.prices = prices;
    this.tierNames = tierNames;
  }

  Ledger ledger() {
    return ledger;
  }

  /**
   * Returns the bill of a tenant. Takes two queries, and more for each megabyte of the hours, or if
   * the newest hours have operations only.
   */
  TenantBill read(BilledTenant tenant, Period period, Granularity granularity) {
    return read(tenant, period, granularity, lastRequestAt(tenant));
  }

  /**
   * Returns the time of the last request of a tenant. Takes one query for four hours' items, and
   * more if they have operations only.
   */
  Optional<Instant> lastRequestAt(BilledTenant tenant) {
    return ledger.lastRequestAt(tenant.id());
  }

  /** Returns the bill of a tenant whose last request is known. */
  TenantBill read(
      BilledTenant tenant,
      Period period,
      Granularity granularity,
      Optional<Instant> lastRequestAt) {
    var length = Duration.between(period.from(), period.to());
    var needed = length.compareTo(SHORT_PERIOD) > 0 ? PERMITS : 1;
    acquire(needed);
    try {
      var hours = ledger.usage(tenant.id(), period.from(), period.to());
      var assumedTier = tierNames.apply(tenant.tenant());
      return new TenantBill(
          tenant,
          UsageReport.of(ledger.meters(), tenant.id().id(), period, granularity, hours),
          prices.map(list -> list.charge(hours, assumedTier)),
          prices.map(list -> list.cost(hours)),
          lastRequestAt);
    } finally {
      permits.release(needed);
    }
  }

  /** Waits until the timeout of the request interrupts its thread. */
  private void acquire(int needed) {
    try {
      permits.acquire(needed);
    } catch (InterruptedException e) {
      // The timeout filter must still find the thread interrupted.
      Thread.currentThread().interrupt();
      throw new ApiException(
          new ApiError.Unavailable("Too many bills are being read.", RETRY_AFTER), e);
    }
  }
}
