package dev.partywall.metering.quota;

import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.concurrent.TwoGenerationCache;
import dev.partywall.metering.ledger.DailyRequests;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.tenancy.Execution;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The number of requests of each tenant in the current month (UTC), across instances. It is read
 * from the ledger in the background, once for a new tenant and then once a minute while requests
 * ask for it. This instance adds its own requests at once.
 *
 * <p><b>Exactness.</b> The number never exceeds the accepted requests: it is the higher of two
 * lower bounds, which are the ledger's number, and the last number plus this instance's requests
 * since then. It lacks at most each other instance's requests of the last 70 s, because usage is in
 * the ledger within 10 s, and of this instance those of 10 s. While the ledger is unavailable, the
 * last number continues with this instance's requests.
 *
 * <p>Memory is bounded: the tenants that have not asked for the longest time are dropped, and are
 * read again when they return.
 */
public final class MonthlyRequests {
  /** The time between two reads of a tenant. */
  static final Duration READ_INTERVAL = Duration.ofSeconds(60);

  /** The time between a failed read and the next one. */
  static final Duration RETRY_DELAY = Duration.ofSeconds(10);

  private final TwoGenerationCache<MeteredTenant, TenantMonth> months;
  private final BlockingQueue<TenantMonth> due;
  private final MonthReader reader;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /** A tenant's requests in a month. */
  private static final class TenantMonth {
    private final MeteredTenant tenant;
    private final YearMonth month;
    private final Instant start;
    private final Instant end;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicBoolean queued = new AtomicBoolean();

    /** Accessed by the one read in progress. */
    private final MonthReader.OpenDays openDays = new MonthReader.OpenDays();

    private volatile boolean known;
    private volatile long nextRead;

    TenantMonth(MeteredTenant tenant, Instant now, long nanos) {
      this.tenant = tenant;
      this.month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
      this.start = startOf(month);
      this.end = startOf(month.plusMonths(1));
      this.nextRead = nanos;
    }

    private static Instant startOf(YearMonth month) {
      return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    boolean covers(Instant instant) {
      return !instant.isBefore(start) && instant.isBefore(end);
    }

    OptionalLong requests() {
      return known ? OptionalLong.of(requests.get()) : OptionalLong.empty();
    }

    /**
     * Takes the ledger's number. The requests since the last read stay: those that are not shipped
     * yet would be missed otherwise, during an outage for a long time.
     */
    void updateFrom(long ledger) {
      requests.accumulateAndGet(ledger, Math::max);
      known = true;
    }
  }

  /**
   * Creates a memory without tenants.
   *
   * @param nanoTime a monotonic clock in nanoseconds
   * @param maxTenants the maximum number of tenants in memory
   */
  public MonthlyRequests(
      DailyRequests dailyRequests, InstantSource clock, LongSupplier nanoTime, int maxTenants) {
    this.months = new TwoGenerationCache<>(maxTenants);
    this.due = new LinkedBlockingQueue<>(maxTenants);
    this.reader = new MonthReader(dailyRequests, clock, nanoTime);
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Returns the tenant's requests in the current month. Never blocks.
   *
   * @return empty until the first read has ended
   */
  public OptionalLong requestsThisMonth(MeteredTenant tenant) {
    return monthToRead(tenant).requests();
  }

  /**
   * Returns the tenant's known requests in the current month: before the first read has ended, this
   * instance's own. Never blocks.
   */
  public long knownRequestsThisMonth(MeteredTenant tenant) {
    return monthToRead(tenant).requests.get();
  }

  private TenantMonth monthToRead(MeteredTenant tenant) {
    var month = currentMonth(tenant, clock.instant());
    requestRead(month);
    return month;
  }

  private TenantMonth currentMonth(MeteredTenant tenant, Instant now) {
    var known = months.get(tenant);
    return known != null && known.covers(now)
        ? known
        : Objects.requireNonNull(
            months.compute(
                tenant,
                current ->
                    current != null && current.covers(now)
                        ? current
                        : new TenantMonth(tenant, now, nanoTime.getAsLong())));
  }

  /** Adds a request that admission has accepted. */
  public void addRequest(MeteredTenant tenant) {
    var month = months.get(tenant);
    if (month != null && month.covers(clock.instant())) {
      month.requests.incrementAndGet();
    }
  }

  private void requestRead(TenantMonth month) {
    if (nanoTime.getAsLong() - month.nextRead >= 0
        && month.queued.compareAndSet(false, true)
        && !due.offer(month)) {
      month.queued.set(false);
    }
  }

  /**
   * Reads the months that were asked for and are due. Must be called by one thread at a time.
   *
   * @return the first failure; the failed months are read again later
   */
  public Optional<RuntimeException> readDue() {
    var batch = new ArrayList<TenantMonth>();
    due.drainTo(batch);
    var failure = BoundedParallel.each(batch, Execution.inCurrent(this::read));
    batch.forEach(month -> month.queued.set(false)); // after an outage, some were not attempted
    return failure;
  }

  private void read(TenantMonth month) {
    var start = nanoTime.getAsLong();
    month.nextRead = start + RETRY_DELAY.toNanos();
    month.updateFrom(reader.read(month.tenant, month.month, month.openDays));
    month.nextRead = start + READ_INTERVAL.toNanos();
  }
}
