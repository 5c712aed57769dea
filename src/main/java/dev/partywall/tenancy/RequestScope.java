package dev.partywall.tenancy;

import java.lang.ScopedValue.CallableOp;
import java.util.Optional;
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

  /**
   * The request's names.
   *
   * @param traceId 32 hexadecimal digits (W3C Trace Context)
   * @param spanId 16 hexadecimal digits: this service's own span
   */
  public record Ids(String requestId, String traceId, String spanId) {}

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
}
