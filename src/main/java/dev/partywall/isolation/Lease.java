package dev.partywall.isolation;

import dev.partywall.isolation.VendingFailed.Reason;
import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of one tenant: absent, in use, in renewal, or failing. At most one call to STS is
 * in flight for it, and all requests that need its result wait for this call.
 *
 * <p>Completion stores the result first and then clears the pending call. A start registers the
 * pending call first and then checks for a result. With any other order, a second, unnecessary call
 * could start.
 */
final class Lease {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  /** Credentials of at most this age are not dropped, because their age is not the cause. */
  static final Duration TRUSTED = Duration.ofSeconds(5);

  private final TenantId tenant;
  private final Home location;
  private final Vending issuing;
  private final AtomicReference<@Nullable Held> cached = new AtomicReference<>();
  private final AtomicReference<@Nullable Flight> pending = new AtomicReference<>();
  private volatile Setback backoff = Setback.NONE;
  private volatile boolean ended;

  Lease(TenantId tenant, Home location, Vending issuing) {
    this.tenant = tenant;
    this.location = location;
    this.issuing = issuing;
  }

  boolean holdsFor(Home other) {
    return !ended && location.equals(other);
  }

  /** Ends this entry because the tenant was removed or has moved. */
  void end() {
    ended = true;
    cached.set(null);
  }

  /**
   * Returns valid credentials, without waiting if some are cached.
   *
   * @throws dev.partywall.http.Refused as {@code Unavailable} if none can be issued in time
   */
  Held held(long now) {
    var current = cached.get();
    if (current == null || !current.isUsable(now)) {
      return start(false).landed();
    }
    issuing.listener().hit();
    if (current.isDue(now) && pending.get() == null && !backoff.delaysRenewal(now)) {
      start(true);
    }
    return current;
  }

  /** Drops the credentials, unless they are so new that replacing them would not help. */
  void distrust(long now) {
    var current = cached.get();
    if (current != null
        && now - current.since() > TRUSTED.toMillis()
        && cached.compareAndSet(current, null)) {
      LOG.warn("AWS rejected the credentials of tenant {}", tenant);
      issuing.listener().distrusted(tenant);
    }
  }

  private Flight start(boolean renewal) {
    var call = new Flight(issuing.clock().millis(), renewal, new CompletableFuture<>());
    var other = pending.compareAndExchange(null, call);
    if (other != null) {
      return other;
    }
    if (isNeeded(call)) {
      issuing.background().execute(() -> run(call));
    }
    return call;
  }

  /**
   * Returns false if another call has completed in the meantime, or if the backoff after a failure
   * has not elapsed. In both cases it completes the call.
   */
  private boolean isNeeded(Flight call) {
    var current = cached.get();
    var now = call.start();
    if (current != null && (call.renewal() ? !current.isDue(now) : current.isUsable(now))) {
      complete(call, current);
      return false;
    }
    if (call.renewal() ? backoff.delaysRenewal(now) : backoff.delaysFirst(now)) {
      pending.set(null);
      call.result().completeExceptionally(backoff.cause());
      return false;
    }
    return true;
  }

  private void run(Flight call) {
    try {
      var session = issuing.vendor().vend(tenant, location);
      requireOwn(session);
      var now = issuing.clock().millis();
      var current = Held.of(session, now, issuing.random().getAsDouble());
      cached.set(current);
      backoff = Setback.NONE;
      complete(call, current);
      notifyListener(call, Duration.ofMillis(now - call.start()));
    } catch (RuntimeException | Error e) {
      fail(call, e);
    }
  }

  private void complete(Flight call, Held current) {
    pending.set(null);
    call.result().complete(current);
  }

  private void fail(Flight call, Throwable failure) {
    var before = backoff;
    backoff = before.next(failure, issuing.clock().millis(), issuing.random().getAsDouble());
    pending.set(null);
    call.result().completeExceptionally(failure);
    var reason = failure instanceof VendingFailed known ? known.reason() : Reason.REFUSED;
    if (before.failures() == 0) {
      LOG.warn("Credential issuing failed for tenant {}: {}", tenant, reason, failure);
    }
    issuing.listener().failed(tenant, reason, call.renewal());
  }

  private void requireOwn(TenantSession session) {
    if (!session.tenant().equals(tenant) || !session.home().equals(location)) {
      throw new IllegalStateException("the credentials were issued for another tenant or location");
    }
  }

  private void notifyListener(Flight call, Duration took) {
    if (call.renewal()) {
      issuing.listener().renewed(tenant, took);
    } else {
      issuing.listener().vended(tenant, took);
    }
  }
}
