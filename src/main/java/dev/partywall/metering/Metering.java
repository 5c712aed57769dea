package dev.partywall.metering;

import dev.partywall.concurrent.Periodic;
import dev.partywall.concurrent.RecurringFailure;
import dev.partywall.metering.counting.HourCloser;
import dev.partywall.metering.counting.HourlyCounts;
import dev.partywall.metering.counting.WriteCounting;
import dev.partywall.metering.journal.Flusher;
import dev.partywall.metering.journal.Journal;
import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.metering.journal.Shipper;
import dev.partywall.metering.ledger.DailyRequests;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.RequestMeter;
import dev.partywall.metering.meter.TenantUsageCounters;
import dev.partywall.metering.quota.DayOpener;
import dev.partywall.metering.quota.MonthlyRequests;
import dev.partywall.storage.CountedWriteListener;
import dev.partywall.storage.CountedWrites;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the components of metering and the threads that run them. */
public final class Metering implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Metering.class);

  /** Limit for the last flush to disk at shutdown. A slower disk counts as hanging. */
  static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

  /** Each counter takes about 1 kB. This limit is reached only if the journal cannot be written. */
  private static final int MAX_COUNTERS = 200_000;

  /** Each takes up to 500 bytes. A tenant that is dropped is read again at its next request. */
  private static final int MAX_MONTHS = 100_000;

  /** The longest wait of a request for the read of its month. */
  private static final Duration MAX_MONTH_WAIT = Duration.ofSeconds(2);

  /**
   * The intervals of the periodic tasks.
   *
   * @param flush interval of flushes to the journal, and of reading the months that are due; a
   *     crash loses the usage since the last flush
   * @param ship interval of shipping the journal to the ledger and of counting writes
   * @param close interval at which hours are closed ({@link HourCloser})
   */
  public record Intervals(Duration flush, Duration ship, Duration close) {
    /** A crash loses at most 1 s of usage, if an append takes 200 ms. It is visible within 10 s. */
    public static final Intervals DEFAULT =
        new Intervals(Duration.ofMillis(800), Duration.ofSeconds(4), Duration.ofMinutes(1));
  }

  /**
   * The sources of time, ids and tiers.
   *
   * @param clock determines the hour
   * @param nanoTime a monotonic clock in nanoseconds
   * @param ids globally unique ids
   * @param executions opens the executions of background work
   * @param tierNames returns the name of the tier that applies to a tenant
   */
  public record Sources(
      InstantSource clock,
      LongSupplier nanoTime,
      Supplier<UUID> ids,
      Supplier<Execution> executions,
      Function<Tenant, String> tierNames) {}

  private final Ledger ledger;
  private final Sources sources;
  private final Journal journal;
  private final Duration flushTimeout;
  private final MonthlyRequests monthlyRequests;
  private final MonthReads monthReads;
  private final RequestMeter meter;
  private final Flusher flusher;
  private final Shipper shipper;
  private final WriteCounting writeCounting;
  private final RecurringFailure countFailure = new RecurringFailure(LOG, "Counting writes");
  private final RecurringFailure catchUpFailure =
      new RecurringFailure(LOG, "Counting writes of an earlier run");
  private final RecurringFailure closeFailure = new RecurringFailure(LOG, "Closing past hours");
  private final List<Periodic> journalTasks = new ArrayList<>();
  private final List<Periodic> ledgerTasks = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private Runnable countOwnWrites = () -> {};

  Metering(Journal journal, Ledger ledger, Sources sources, Duration flushTimeout) {
    var counters = new TenantUsageCounters(sources.clock(), MAX_COUNTERS);
    this.ledger = ledger;
    this.sources = sources;
    this.journal = journal;
    this.flushTimeout = flushTimeout;
    var dailyRequests = new DailyRequests(ledger);
    this.monthlyRequests =
        new MonthlyRequests(dailyRequests, sources.clock(), sources.nanoTime(), MAX_MONTHS);
    this.monthReads = new MonthReads(monthlyRequests, MAX_MONTH_WAIT);
    this.meter =
        new RequestMeter(
            counters, sources.nanoTime(), sources.tierNames(), monthlyRequests::addRequest);
    this.flusher = new Flusher(counters, journal);
    var destination = new DayOpener(ledger::ship, dailyRequests, sources.ids(), sources.nanoTime());
    this.shipper = new Shipper(journal, destination, sources.clock());
    this.writeCounting =
        new WriteCounting(
            new UncountedHours(ledger), sources.ids(), sources.clock(), sources.nanoTime());
  }

  /**
   * Opens metering with its journal in the given folder. It meters immediately, and transfers usage
   * to the journal and the ledger after {@link #start}.
   *
   * @throws JournalUnusableException if the folder cannot be used; the message states the reason
   */
  public static Metering open(Path folder, Ledger ledger, Sources sources)
      throws JournalUnusableException {
    var journal = Journal.open(folder, sources.ids(), sources.clock());
    return new Metering(journal, ledger, sources, FLUSH_TIMEOUT);
  }

  /** Returns the meter: the two filters and the listener for consumed capacity. */
  public RequestMeter meter() {
    return meter;
  }

  /** Returns a tenant's known requests in the current month. Never blocks. */
  public long knownRequestsThisMonth(Tenant tenant) {
    return monthlyRequests.knownRequestsThisMonth(MeteredTenant.of(tenant));
  }

  /**
   * Returns a tenant's requests in the current month, and waits for at most 2 s, if they were not
   * read for a minute.
   *
   * @return empty if they were never read
   */
  public OptionalLong requestsOfMonth(Tenant tenant) {
    return monthReads.requestsThisMonth(MeteredTenant.of(tenant));
  }

  /** Returns the listener to call before a counted write. */
  public CountedWriteListener countedWriteListener() {
    return writeCounting;
  }

  /**
   * Returns whether the ledger has usage of this period until now.
   *
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the ledger cannot be read
   */
  public boolean hasUsage(Duration period) {
    var now = sources.clock().instant();
    return ledger.hasTenants(now.minus(period), now);
  }

  /** Returns the ledger. */
  public Ledger ledger() {
    return ledger;
  }

  /**
   * Starts the periodic tasks.
   *
   * @param countedWrites counts under the bound tenant's credentials
   * @param tenants returns a tenant with its placement, by id
   */
  public void start(
      CountedWrites countedWrites, Function<TenantId, Tenant> tenants, Intervals intervals) {
    var counts = new HourlyCounts(countedWrites, ledger, tenants, sources.executions());
    var hourCloser =
        new HourCloser(new UncountedHours(ledger), counts, sources.clock(), sources.nanoTime());
    countOwnWrites = () -> countFailure.attempt(() -> writeCounting.count(counts));
    journalTasks.add(Periodic.start(LOG, "usage-flush", intervals.flush(), flusher::flush));
    startLedgerTask("usage-ship", intervals.ship(), shipper::ship);
    startLedgerTask("months-read", intervals.flush(), monthReads::read);
    startLedgerTask("writes-count", intervals.ship(), () -> countWrites(hourCloser));
    startLedgerTask(
        "hours-close", intervals.close(), () -> closeFailure.attempt(hourCloser::closeHours));
  }

  private void startLedgerTask(String name, Duration interval, Runnable task) {
    ledgerTasks.add(Periodic.start(LOG, name, interval, task));
  }

  private void countWrites(HourCloser hourCloser) {
    catchUpFailure.attempt(hourCloser::catchUp);
    countOwnWrites.run();
  }

  /** Returns the current status. */
  public UsageStatus status() {
    var backlog = journal.backlog();
    return new UsageStatus(problems(), shipper.lastShipped(), backlog.segments(), backlog.bytes());
  }

  private List<String> problems() {
    var problems = new ArrayList<>(shipper.problems());
    flusher.problem().ifPresent(problems::add);
    journal.problem().ifPresent(problems::add);
    Stream.of(catchUpFailure, countFailure, closeFailure)
        .flatMap(failure -> failure.problem().stream())
        .forEach(problems::add);
    monthReads.problem().ifPresent(problems::add);
    return problems;
  }

  /** Closes metering, with one minute for the ledger. */
  @Override
  public void close() {
    close(Duration.ofMinutes(1));
  }

  /**
   * Writes all metered usage to the journal, regardless of the timeout, and ships it to the ledger
   * unless the ledger is unavailable or the timeout expires. The rest is shipped after the next
   * start. A second call has no effect.
   *
   * @return whether all usage is at least in the journal; false if the disk is full or hangs
   */
  public boolean close(Duration timeout) {
    return !closed.compareAndSet(false, true) || writeAndClose(timeout);
  }

  private boolean writeAndClose(Duration timeout) {
    ledgerTasks.forEach(Periodic::stop);
    var flushed = runWithTimeout("usage-flush-last", this::flushRemaining, flushTimeout);
    if (!flushed) {
      LOG.error("Last flush to the journal failed, unwritten usage is lost");
    }
    if (!runWithTimeout("usage-ship-last", this::shipRemaining, timeout)) {
      LOG.warn("Shipping usage before shutdown timed out, the rest ships after the next start");
    }
    shipper.stop();
    // A thread that waits for a hanging disk keeps the journal and its lock until the process ends.
    return runWithTimeout("usage-close", this::closeJournal, flushTimeout) && flushed;
  }

  /** Runs the work on a thread that can be abandoned: an interrupt would abort a call midway. */
  private static boolean runWithTimeout(String name, BooleanSupplier work, Duration timeout) {
    var done = new AtomicBoolean();
    var thread = Thread.ofPlatform().daemon().name(name).start(() -> done.set(work.getAsBoolean()));
    try {
      return thread.join(timeout) && done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean flushRemaining() {
    journalTasks.forEach(Periodic::close);
    return flusher.flush();
  }

  private boolean closeJournal() {
    try {
      journal.close();
      return true;
    } catch (IOException e) {
      LOG.error("Closing the journal failed", e);
      return false;
    }
  }

  private boolean shipRemaining() {
    ledgerTasks.forEach(Periodic::close);
    if (!shipper.isLedgerUnavailable()) {
      shipper.ship();
      countOwnWrites.run();
    }
    return true;
  }
}
