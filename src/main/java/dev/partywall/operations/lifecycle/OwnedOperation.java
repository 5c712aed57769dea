package dev.partywall.operations.lifecycle;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.Operation.Ownership;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.OperationStore.Document;
import dev.partywall.tenancy.registry.OperationStore.RecordChange;
import dev.partywall.tenancy.registry.OperationStore.Start;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * An operation that this instance owns. Its owner renews the lease every 5 s, and stops 20 s after
 * the last renewal. Other instances take the operation over after 30 s. Only this instance's
 * monotonic clock measures the time. One thread uses it.
 */
public final class OwnedOperation {
  private static final long RENEWAL_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long LEASE_NANOS = Duration.ofSeconds(20).toNanos();

  private final OperationStore store;
  private final TenantRecord tenant;
  private final Sources sources;
  private Operation operation;
  private long renewedAt;
  private InState inState;

  /**
   * The sources of the values that an owner needs.
   *
   * @param isStopping returns whether this instance executes no further page
   */
  public record Sources(
      Supplier<String> leases, LongSupplier nanoTime, BooleanSupplier isStopping) {
    /** Creates the sources of an owner that does not end its work when this instance stops. */
    public Sources(Supplier<String> leases, LongSupplier nanoTime) {
      this(leases, nanoTime, () -> false);
    }
  }

  /**
   * The time since which this owner has the operation in its state, and the audit entries that it
   * has recorded in this state.
   */
  private record InState(long since, Set<String> entries) {
    static InState since(long nanoTime) {
      return new InState(nanoTime, new HashSet<>());
    }
  }

  private OwnedOperation(
      OperationStore store,
      TenantRecord tenant,
      Operation operation,
      Sources sources,
      long renewedAt) {
    this.store = store;
    this.tenant = tenant;
    this.operation = operation;
    this.sources = sources;
    this.renewedAt = renewedAt;
    this.inState = InState.since(renewedAt);
  }

  /**
   * Becomes the owner of an operation. The reason why the former owner did not proceed ends.
   *
   * @throws OwnershipLostException if another instance comes first
   */
  static OwnedOperation takeOver(
      OperationStore store, TenantRecord tenant, Operation operation, Sources sources) {
    var before = sources.nanoTime().getAsLong();
    var ownership = new Ownership(operation.ownership().epoch() + 1, sources.leases().get());
    var owned = operation.withReason(Optional.empty()).ownedBy(ownership);
    if (!store.update(operation, owned)) {
      throw new OwnershipLostException();
    }
    return new OwnedOperation(store, tenant, owned, sources, before);
  }

  /**
   * Begins an operation that only this instance can execute, such as the export to one client. The
   * record of the tenant remains.
   *
   * @param begun has no owner yet
   * @return empty if the record has changed meanwhile
   * @throws ApiException as {@link ApiError.Conflict} if another operation is running
   */
  public static Optional<OwnedOperation> begin(
      OperationStore store, TenantRecord tenant, Operation begun, Sources sources) {
    var before = sources.nanoTime().getAsLong();
    var owned = begun.ownedBy(new Ownership(1, sources.leases().get()));
    return switch (store.begin(owned, tenant, tenant)) {
      case Start.Begun(var stored) ->
          Optional.of(new OwnedOperation(store, tenant, stored, sources, before));
      case Start.InProgress _ -> throw TenantOperations.inProgress();
      case Start.Stale _ -> Optional.empty();
    };
  }

  private long nanoTime() {
    return sources.nanoTime().getAsLong();
  }

  /** Returns the operation with its latest state. */
  public Operation operation() {
    return operation;
  }

  /** Returns the record of the tenant at the begin of this step. */
  public TenantRecord tenant() {
    return tenant;
  }

  /** Returns the same ownership with a newer record of the tenant. */
  public OwnedOperation with(TenantRecord current) {
    var next = new OwnedOperation(store, current, operation, sources, renewedAt);
    next.inState = inState;
    return next;
  }

  /** Returns how long this owner has the operation in its state. */
  public Duration timeInState() {
    return Duration.ofNanos(nanoTime() - inState.since());
  }

  /** Returns whether this owner has noted the audit entry in the state of the operation. */
  boolean hasEntry(String entry) {
    return inState.entries().contains(entry);
  }

  /** Notes an audit entry that is recorded. */
  void noteEntry(String entry) {
    inState.entries().add(entry);
  }

  /**
   * Stores a change of the operation, which renews the lease.
   *
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  public void save(Operation changed) {
    if (!renew(changed, next -> store.update(operation, next))) {
      throw new OwnershipLostException();
    }
  }

  /** Renews the lease from the time before the update, if the update is applied. */
  private boolean renew(Operation changed, Predicate<Operation> update) {
    var before = nanoTime();
    var lease = sources.leases().get();
    var next = changed.ownedBy(new Ownership(operation.ownership().epoch(), lease));
    if (!update.test(next)) {
      return false;
    }
    if (!next.state().equals(operation.state())) {
      inState = InState.since(before);
    }
    operation = next;
    renewedAt = before;
    return true;
  }

  /**
   * Changes the number of processed items, and then does the same as {@link #checkpoint}. A step
   * calls this after each page.
   *
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   * @throws InstanceStoppingException if this instance stops
   */
  public void progress(long done) {
    operation = operation.withDone(done);
    checkpoint();
  }

  /**
   * Renews the lease if it is older than 5 s. A step calls this between two pages, where another
   * owner can repeat it.
   *
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   * @throws InstanceStoppingException if this instance stops
   */
  public void checkpoint() {
    requireRunning();
    renew();
  }

  /** Throws an {@link InstanceStoppingException} if this instance stops. */
  void requireRunning() {
    if (sources.isStopping().getAsBoolean()) {
      throw new InstanceStoppingException();
    }
  }

  /**
   * Renews the lease if it is older than 5 s.
   *
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  public void renew() {
    if (nanoTime() - renewedAt >= RENEWAL_NANOS) {
      save(operation);
    }
  }

  /**
   * Checks the lease by a write. An owner calls this after it has written its fence, and before the
   * first page.
   *
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  public void confirm() {
    save(operation);
  }

  /** Returns the time after which this instance may no longer act as the owner. */
  public long leaseEnd() {
    return renewedAt + LEASE_NANOS;
  }

  /**
   * Checks that the last renewal is at most 20 s old, without a call.
   *
   * @throws OwnershipLostException if it is older
   */
  public void requireCurrent() {
    if (nanoTime() - leaseEnd() > 0) {
      throw new OwnershipLostException();
    }
  }

  /**
   * Stores a change of the operation together with a change of the tenant's record.
   *
   * @param changed the next state of the operation
   * @param after the next record of the tenant
   * @return false if the record has changed since the begin of this step; the step is repeated
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  public boolean save(Operation changed, TenantRecord after) {
    return renew(changed, next -> isApplied(store.update(operation, next, tenant, after)));
  }

  private static boolean isApplied(RecordChange change) {
    return switch (change) {
      case APPLIED -> true;
      case STALE -> false;
      case NOT_OWNED -> throw new OwnershipLostException();
    };
  }

  /**
   * Gives up the ownership: any instance can continue the operation at once.
   *
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  public void release() {
    release(operation);
  }

  /**
   * Gives up the ownership: another instance can continue the operation at once.
   *
   * @param reason why this instance cannot continue it
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  void release(String reason) {
    release(operation.withReason(Optional.of(reason)));
  }

  private void release(Operation changed) {
    if (!store.update(operation, changed.free())) {
      throw new OwnershipLostException();
    }
  }

  /**
   * Ends the operation.
   *
   * @param after the record of the tenant after the operation
   * @param documents remain in the registry
   * @return false if the record has changed since the begin of this step; the step is repeated
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  public boolean end(TenantRecord after, List<Document> documents) {
    return isApplied(store.end(operation, tenant, after, documents));
  }
}
