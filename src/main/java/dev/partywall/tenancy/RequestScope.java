package dev.partywall.tenancy;

import java.lang.ScopedValue.CallableOp;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the request that is being served, from its first door to its last byte. The
 * outermost filter binds it, so that the access line can still name the tenant when the tenant's
 * own binding is gone.
 */
public final class RequestScope {
  private static final ScopedValue<RequestScope> CURRENT = ScopedValue.newInstance();

  private final Ids ids;
  private final AtomicReference<@Nullable Caller> caller = new AtomicReference<>();
  private final AtomicReference<@Nullable Tenant> tenant = new AtomicReference<>();

  /**
   * The request's names.
   *
   * @param traceId 32 hexadecimal digits (W3C Trace Context)
   * @param spanId 16 hexadecimal digits: this service's own span
   * @param trace what belongs to the trace as a whole
   */
  public record Ids(String requestId, String traceId, String spanId, Trace trace) {
    /** Names of a request in a trace that starts here and that nobody samples. */
    public Ids(String requestId, String traceId, String spanId) {
      this(requestId, traceId, spanId, new Trace(Optional.empty(), 0, ""));
    }
  }

  /**
   * What is handed on along a trace.
   *
   * @param parentId the caller's span, where the trace came in with the request
   * @param flags bit 0: sampled; bit 1: the trace id is random
   * @param state what other tracing systems want to be handed on; empty when there is nothing
   */
  public record Trace(Optional<String> parentId, int flags, String state) {
    /** Whether the spans of this trace are recorded. */
    public boolean isSampled() {
      return (flags & 1) != 0;
    }
  }

  /** A request of which nothing but its names is known yet. */
  public RequestScope(Ids ids) {
    this.ids = ids;
  }

  /** The request that is being served here, if there is one. */
  public static Optional<RequestScope> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /**
   * Runs {@code work} inside of this request.
   *
   * @throws X whatever the work throws
   */
  public <T, X extends Throwable> T call(CallableOp<? extends T, X> work) throws X {
    return ScopedValue.where(CURRENT, this).call(work);
  }

  /**
   * Threads on which what a request sets going still belongs to that request: to its trace, and in
   * the log. Nothing else is handed on: no tenant is bound there.
   */
  public static Executor handedOn(Executor threads) {
    return task ->
        threads.execute(current().map(scope -> (Runnable) () -> scope.run(task)).orElse(task));
  }

  private void run(Runnable task) {
    ScopedValue.where(CURRENT, this).run(task);
  }

  /** The request's names. */
  public Ids ids() {
    return ids;
  }

  /**
   * Notes who is asking: once.
   *
   * @throws IllegalStateException the second time
   */
  public void identify(Caller asking) {
    if (!caller.compareAndSet(null, asking)) {
      throw new IllegalStateException("the caller of this request is known already");
    }
  }

  /** Who is asking, once a token has been verified. */
  public Optional<Caller> caller() {
    return Optional.ofNullable(caller.get());
  }

  /**
   * Notes which tenant is served, of which tier: once. That is decided after the caller is known,
   * because the registry may know better than the token.
   *
   * @throws IllegalStateException the second time
   */
  public void serve(Tenant served) {
    if (!tenant.compareAndSet(null, served)) {
      throw new IllegalStateException("the tenant of this request is known already");
    }
  }

  /** The tenant that is served, once it has been let in. */
  public Optional<Tenant> tenant() {
    return Optional.ofNullable(tenant.get());
  }
}
