package dev.partywall.tenancy;

import dev.partywall.concurrent.Deadline;
import java.lang.ScopedValue.CallableOp;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of one piece of work: an HTTP request, background work, a message or a job. It contains
 * the correlation ids, the identity, the token, the deadline, the tenant and its quotas. Each of
 * them is written once.
 *
 * <p>The outermost code of the work opens the execution. For a request, that is the outermost
 * filter, and the execution lasts until the last byte of the response. The access log can therefore
 * name the tenant after the tenant's binding ({@link TenantContext}) has ended.
 */
public final class Execution {
  private static final ScopedValue<Execution> CURRENT = ScopedValue.newInstance();

  // Every request has an execution: five objects of type AtomicReference would take 80 bytes more.
  private static final AtomicReferenceFieldUpdater<Execution, Identity> IDENTITY =
      AtomicReferenceFieldUpdater.newUpdater(Execution.class, Identity.class, "identity");
  private static final AtomicReferenceFieldUpdater<Execution, BearerToken> TOKEN =
      AtomicReferenceFieldUpdater.newUpdater(Execution.class, BearerToken.class, "token");
  private static final AtomicReferenceFieldUpdater<Execution, Deadline> DEADLINE =
      AtomicReferenceFieldUpdater.newUpdater(Execution.class, Deadline.class, "deadline");
  private static final AtomicReferenceFieldUpdater<Execution, Tenant> TENANT =
      AtomicReferenceFieldUpdater.newUpdater(Execution.class, Tenant.class, "tenant");
  private static final AtomicReferenceFieldUpdater<Execution, QuotaStatus> QUOTA =
      AtomicReferenceFieldUpdater.newUpdater(Execution.class, QuotaStatus.class, "quota");

  private final CorrelationIds ids;
  private volatile @Nullable Identity identity;
  private volatile @Nullable BearerToken token;
  private volatile @Nullable Deadline deadline;
  private volatile @Nullable Tenant tenant;
  private volatile @Nullable QuotaStatus quota;

  /**
   * The ids that relate log lines, spans and audit entries to the work.
   *
   * @param traceId 32 hexadecimal digits (W3C Trace Context)
   * @param spanId 16 hexadecimal digits: the span of this service
   * @param trace the properties of the trace
   */
  public record CorrelationIds(String requestId, String traceId, String spanId, Trace trace) {}

  /**
   * The propagated properties of a trace.
   *
   * @param parentId the caller's span, if the work continues a trace
   * @param flags bit 0: sampled; bit 1: the trace id is random
   * @param state the state of other tracing systems, passed on unchanged; may be empty
   */
  public record Trace(Optional<String> parentId, int flags, String state) {}

  /** Creates an execution without identity and tenant. */
  public Execution(CorrelationIds ids) {
    this.ids = ids;
  }

  /** Returns the execution that the running code belongs to, if any. */
  public static Optional<Execution> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Returns the identity on whose behalf the code runs, if any. */
  public static Optional<Identity> currentIdentity() {
    return current().flatMap(Execution::identity);
  }

  /**
   * Returns the tenant to name in logs: the bound tenant; otherwise the tenant that was bound
   * earlier in this execution; otherwise the tenant in the token, as in a request that is rejected
   * before its tenant is bound.
   */
  public static Optional<Tenant> currentTenant() {
    return TenantContext.isBound()
        ? Optional.of(TenantContext.current())
        : current().flatMap(execution -> execution.tenant().or(execution::tenantOfToken));
  }

  /**
   * Runs {@code work} in this execution.
   *
   * @throws X if the work throws it
   */
  public <T, X extends Throwable> T call(CallableOp<? extends T, X> work) throws X {
    return ScopedValue.where(CURRENT, this).call(work);
  }

  /** Runs {@code task} in this execution. */
  public void run(Runnable task) {
    ScopedValue.where(CURRENT, this).run(task);
  }

  /**
   * Runs {@code work} for a tenant, and records the tenant. A handler of an operator's route binds
   * its target tenant by this method. Repeated calls for the same tenant are permitted.
   *
   * @throws IllegalStateException if this execution works for another tenant, or if its identity is
   *     a user of another tenant
   * @throws X if the work throws it
   */
  public <T, X extends Throwable> T callForTenant(Tenant target, CallableOp<? extends T, X> work)
      throws X {
    record(target);
    return TenantContext.call(target, work);
  }

  /**
   * Runs {@code task} in this execution and for a tenant, like {@link #callForTenant}. Background
   * work opens an execution and runs in it by this method.
   *
   * @throws IllegalStateException as {@link #callForTenant}
   */
  public void runForTenant(Tenant target, Runnable task) {
    record(target);
    run(() -> TenantContext.run(target, task));
  }

  /**
   * Records the tenant without binding it.
   *
   * @throws IllegalStateException as {@link #callForTenant}
   */
  @SuppressWarnings("NullAway") // a field is null before it is set
  void record(Tenant target) {
    if (tenantOfToken().filter(own -> !own.id().equals(target.id())).isPresent()) {
      throw new IllegalStateException("the identity is a user of another tenant");
    }
    var recorded = TENANT.compareAndSet(this, null, target) ? target : TENANT.get(this);
    if (!recorded.id().equals(target.id())) {
      throw new IllegalStateException("the tenant of this execution is already set");
    }
  }

  /**
   * Returns an executor that runs each task in the execution of the submitting code, which
   * associates it with the trace and the log of that execution. The tenant binding is not
   * propagated.
   */
  public static Executor propagating(Executor threads) {
    return task ->
        threads.execute(
            current().map(execution -> (Runnable) () -> execution.run(task)).orElse(task));
  }

  /**
   * Returns a task for another thread that works for several callers. It runs in an execution of
   * its own, which has the ids of the current one, and neither its identity nor its tenant.
   */
  public static Runnable inSameTrace(Runnable task) {
    return current()
        .map(execution -> (Runnable) () -> new Execution(execution.ids()).run(task))
        .orElse(task);
  }

  /** Returns work that runs in the current execution in any thread, without the tenant binding. */
  public static <T> Consumer<T> inCurrent(Consumer<T> work) {
    return current()
        .map(execution -> (Consumer<T>) item -> execution.run(() -> work.accept(item)))
        .orElse(work);
  }

  /** Returns the ids. */
  public CorrelationIds ids() {
    return ids;
  }

  /**
   * Sets the identity.
   *
   * @throws IllegalStateException if the identity is already set
   */
  public void setIdentity(Identity authenticated) {
    setOnce(IDENTITY, authenticated, "identity");
  }

  @SuppressWarnings("NullAway") // a field is null before it is set
  private <T> void setOnce(AtomicReferenceFieldUpdater<Execution, T> fact, T value, String name) {
    if (!fact.compareAndSet(this, null, value)) {
      throw new IllegalStateException("the " + name + " of this execution is already set");
    }
  }

  /** Returns the identity, after the token has been verified. */
  public Optional<Identity> identity() {
    return Optional.ofNullable(identity);
  }

  /**
   * Sets the token from which the identity was read.
   *
   * @throws IllegalStateException if the token is already set
   */
  public void setToken(BearerToken verified) {
    setOnce(TOKEN, verified, "token");
  }

  /** Returns the caller's token, after it has been verified. */
  public Optional<BearerToken> token() {
    return Optional.ofNullable(token);
  }

  /**
   * Sets the time at which the work is ended.
   *
   * @throws IllegalStateException if the deadline is already set
   */
  public void setDeadline(Deadline limit) {
    setOnce(DEADLINE, limit, "deadline");
  }

  /** Returns the time at which the work is ended, if it is limited. */
  public Optional<Deadline> deadline() {
    return Optional.ofNullable(deadline);
  }

  /**
   * Sets the quotas of the tenant, after the decision on the admission of the request.
   *
   * @throws IllegalStateException if the quotas are already set
   */
  public void setQuota(QuotaStatus status) {
    setOnce(QUOTA, status, "quota");
  }

  /** Returns the quotas of the tenant, after the decision on the admission of the request. */
  public Optional<QuotaStatus> quota() {
    return Optional.ofNullable(quota);
  }

  /** Returns the tenant, after it has been bound. */
  public Optional<Tenant> tenant() {
    return Optional.ofNullable(tenant);
  }

  private Optional<Tenant> tenantOfToken() {
    return identity instanceof Identity.TenantUser user
        ? Optional.of(new Tenant(user.tenant(), user.tier(), Optional.empty()))
        : Optional.empty();
  }
}
