package dev.partywall.registry;

import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.concurrent.Periodic;
import dev.partywall.registry.ChangeLog.Change;
import dev.partywall.tenancy.RequestGenerations;
import dev.partywall.tenancy.TenantDirectory;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registered tenants, as this instance knows them. It polls the number of changes every 2 s,
 * and reads the new changes and the changed records that are in memory. The cost of a poll does not
 * depend on the number of tenants.
 *
 * <p>While the registry cannot be read, the tenants in memory are served with their last records.
 */
public final class TenantSnapshot implements TenantDirectory, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TenantSnapshot.class);

  /** With the duration of a poll, changes arrive within the promised 5 s. */
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

  private static final Duration MAX_DELAY = Duration.ofSeconds(5);
  private static final Duration MAX_AGE = Duration.ofSeconds(10);
  private static final int MAX_REGISTERED = 100_000;
  private static final int MAX_UNREGISTERED = 10_000;
  private static final long NOT_POLLED = -1;
  private static final String NAMED_ISSUERS = "";

  private final ChangeLog log;
  private final KnownTenants tenants;
  private final SharedReads<String, Set<String>> issuers;
  private final LongSupplier nanoTime;
  private final RequestGenerations requests;
  private volatile @Nullable Set<String> namedIssuers;
  private volatile long applied = NOT_POLLED;
  private volatile long polledAt;
  private volatile @Nullable Periodic polling;

  /**
   * Creates a snapshot that contains no tenant. It makes no call.
   *
   * @param register is called before each read of a tenant ({@link Instances#register})
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public TenantSnapshot(DynamoTenantRegistry registry, Runnable register, LongSupplier nanoTime) {
    this.log = registry.changeLog();
    this.tenants =
        new KnownTenants(
            id -> {
              register.run();
              return registry.find(id);
            },
            MAX_REGISTERED,
            MAX_UNREGISTERED);
    this.issuers =
        new SharedReads<>(
            _ -> namedIssuers, _ -> log.namedIssuers(), (_, named) -> namedIssuers = named);
    this.nanoTime = nanoTime;
    this.requests = new RequestGenerations(nanoTime);
    this.polledAt = nanoTime.getAsLong();
  }

  /** Returns the requests in flight. They are grouped by the changes that they know. */
  public RequestGenerations requests() {
    return requests;
  }

  /** Starts to poll. Does not wait for the first poll. */
  public TenantSnapshot start() {
    polling = Periodic.startNow(LOG, "tenant registry poll", () -> POLL_INTERVAL, this::poll);
    return this;
  }

  @Override
  public Optional<TenantRecord> find(TenantId id) {
    return tenants.find(id);
  }

  @Override
  public boolean isNamedByTenant(String issuer) {
    return issuers.get(NAMED_ISSUERS).contains(issuer);
  }

  /** Returns whether the registry was read since the start. */
  public boolean isRead() {
    return applied != NOT_POLLED;
  }

  /** Returns the number of the latest change that this snapshot contains; 0 before the first. */
  public long appliedSequence() {
    return Math.max(applied, 0);
  }

  /**
   * Returns whether the registry was read in the last 10 s. Otherwise, this instance must not get
   * new credentials: the tenant may be suspended or deleted meanwhile.
   */
  public boolean isCurrent() {
    return isRead() && nanoTime.getAsLong() - polledAt <= MAX_AGE.toNanos();
  }

  /** Returns a description of the problem, if the registry was not read for more than 5 s. */
  public Optional<String> problem() {
    return nanoTime.getAsLong() - polledAt > MAX_DELAY.toNanos()
        ? Optional.of("the registry of tenants cannot be read; changes of tenants are delayed")
        : Optional.empty();
  }

  /**
   * Applies the new changes. If it fails, the next call repeats the changes. An operation calls it
   * to not wait for the next poll.
   */
  public synchronized void poll() {
    var latest = log.sequence();
    if (latest != applied && !applyChanges(latest)) {
      clear();
    }
    applied = latest;
    requests.applied(latest);
    polledAt = nanoTime.getAsLong();
  }

  /**
   * Returns whether the registry contains all changes after the applied ones. Without them, the
   * changed tenants are unknown. This is so before the first poll, and after a pause in which more
   * changes were made than are kept.
   */
  private boolean applyChanges(long latest) {
    var count = latest - applied;
    if (applied == NOT_POLLED || count < 0) { // a restored table has fewer changes
      return false;
    }
    var changes = log.changes(applied + 1, latest);
    if (changes.size() != count) {
      return false;
    }
    apply(changes);
    return true;
  }

  private void apply(List<Change> changes) {
    if (changes.stream().anyMatch(Change::namedIssuers)) {
      refreshIssuers();
    }
    var changed =
        changes.stream().map(Change::tenant).distinct().filter(tenants::invalidate).toList();
    BoundedParallel.eachOrThrow(changed, tenants::refresh);
  }

  private void refreshIssuers() {
    issuers.discard(NAMED_ISSUERS);
    if (namedIssuers != null) {
      namedIssuers = log.namedIssuers();
    }
  }

  private void clear() {
    tenants.clear();
    issuers.discard(NAMED_ISSUERS);
    namedIssuers = null;
  }

  /** Ends the polling. */
  @Override
  public void close() {
    var running = polling;
    if (running != null) {
      running.close();
    }
  }
}
