package dev.partywall.tenancy;

import java.lang.ScopedValue.CallableOp;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The state of the current request, from the outermost filter to the last byte of the response. The
 * outermost filter binds it, so the access log can name the tenant after the tenant's binding ends.
 */
public final class RequestScope {
  private static final ScopedValue<RequestScope> CURRENT = ScopedValue.newInstance();

  private final Ids ids;
  private final AtomicReference<@Nullable Caller> caller = new AtomicReference<>();
  private final AtomicReference<@Nullable Tenant> tenant = new AtomicReference<>();

  /**
   * The ids of the request.
   *
   * @param traceId 32 hexadecimal digits (W3C Trace Context)
   * @param spanId 16 hexadecimal digits: the span of this service
   * @param trace the properties of the trace
   */
  public record Ids(String requestId, String traceId, String spanId, Trace trace) {
    /** Creates the ids of a request in a new, unsampled trace. */
    public Ids(String requestId, String traceId, String spanId) {
      this(requestId, traceId, spanId, new Trace(Optional.empty(), 0, ""));
    }
  }

  /**
   * The propagated properties of a trace.
   *
   * @param parentId the caller's span, if the request continues a trace
   * @param flags bit 0: sampled; bit 1: the trace id is random
   * @param state the state of other tracing systems, passed on unchanged; may be empty
   */
  public record Trace(Optional<String> parentId, int flags, String state) {
    /** Returns whether the spans of this trace are recorded. */
    public boolean isSampled() {
      return (flags & 1) != 0;
    }
  }

  /** Creates the scope of a request without caller and tenant. */
  public RequestScope(Ids ids) {
    this.ids = ids;
  }

  /** Returns the scope of the current request, if any. */
  public static Optional<RequestScope> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /**
   * Runs {@code work} in this scope.
   *
   * @throws X if the work throws it
   */
  public <T, X extends Throwable> T call(CallableOp<? extends T, X> work) throws X {
    return ScopedValue.where(CURRENT, this).call(work);
  }

  /**
   * Returns an executor that runs each task in the scope of the submitting request, which
   * associates it with the trace and the log of the request. The tenant binding is not propagated.
   */
  public static Executor handedOn(Executor threads) {
    return task ->
        threads.execute(current().map(scope -> (Runnable) () -> scope.run(task)).orElse(task));
  }

  private void run(Runnable task) {
    ScopedValue.where(CURRENT, this).run(task);
  }

  /** Returns the ids of the request. */
  public Ids ids() {
    return ids;
  }

  /**
   * Sets the caller.
   *
   * @throws IllegalStateException if the caller is already set
   */
  public void identify(Caller authenticated) {
    if (!caller.compareAndSet(null, authenticated)) {
      throw new IllegalStateException("the caller of this request is already set");
    }
  }

  /** Returns the caller, after the token has been verified. */
  public Optional<Caller> caller() {
    return Optional.ofNullable(caller.get());
  }

  /**
   * Sets the tenant and its tier. This happens after authentication, because the registry can
   * override the tier of the token.
   *
   * @throws IllegalStateException if the tenant is already set
   */
  public void serve(Tenant served) {
    if (!tenant.compareAndSet(null, served)) {
      throw new IllegalStateException("the tenant of this request is already set");
    }
  }

  /** Returns the tenant, after it has been bound. */
  public Optional<Tenant> tenant() {
    return Optional.ofNullable(tenant.get());
  }
}
