package dev.partywall.isolation;

import dev.partywall.isolation.IssuingFailedException.FailureReason;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
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
final class TenantCredentialEntry {
  private static final Logger LOG = LoggerFactory.getLogger(TenantCredentialEntry.class);

  /** Credentials of at most this age are not dropped, because their age is not the cause. */
  static final Duration MIN_AGE_TO_INVALIDATE = Duration.ofSeconds(5);

  private final TenantId tenant;
  private final TenantLocation location;
  private final CredentialIssuing issuing;
  private final AtomicReference<@Nullable CachedCredentials> cached = new AtomicReference<>();
  private final AtomicReference<@Nullable PendingCredentials> pending = new AtomicReference<>();
  private volatile RenewalBackoff backoff = RenewalBackoff.NONE;
  private volatile boolean ended;

  TenantCredentialEntry(TenantId tenant, TenantLocation location, CredentialIssuing issuing) {
    this.tenant = tenant;
    this.location = location;
    this.issuing = issuing;
  }

  boolean isFor(TenantLocation other) {
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
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if none can be issued in time
   */
  CachedCredentials credentials(long now) {
    var current = cached.get();
    if (current == null || !current.isUsable(now)) {
      return start(false).await();
    }
    issuing.listener().hit();
    if (current.isRenewalDue(now) && pending.get() == null && !backoff.delaysRenewal(now)) {
      start(true);
    }
    return current;
  }

  /** Drops the credentials, unless they are so new that replacing them would not help. */
  void invalidate(long now) {
    var current = cached.get();
    if (current != null
        && now - current.issuedAt() > MIN_AGE_TO_INVALIDATE.toMillis()
        && cached.compareAndSet(current, null)) {
      LOG.warn("AWS rejected the credentials of tenant {}", tenant);
      issuing.listener().invalidated(tenant);
    }
  }

  private PendingCredentials start(boolean renewal) {
    var call = new PendingCredentials(issuing.clock().millis(), renewal, new CompletableFuture<>());
    var other = pending.compareAndExchange(null, call);
    if (other != null) {
      return other;
    }
    if (isNeeded(call)) {
      issuing.executor().execute(() -> run(call));
    }
    return call;
  }

  /**
   * Returns false if another call has completed in the meantime, or if the backoff after a failure
   * has not elapsed. In both cases it completes the call.
   */
  private boolean isNeeded(PendingCredentials call) {
    var current = cached.get();
    var now = call.startedAt();
    if (current != null && (call.renewal() ? !current.isRenewalDue(now) : current.isUsable(now))) {
      complete(call, current);
      return false;
    }
    if (call.renewal() ? backoff.delaysRenewal(now) : backoff.delaysFirstCall(now)) {
      pending.set(null);
      call.result().completeExceptionally(backoff.cause());
      return false;
    }
    return true;
  }

  private void run(PendingCredentials call) {
    try {
      var session = issuing.issuer().issue(tenant, location);
      requireOwn(session);
      var now = issuing.clock().millis();
      var current = CachedCredentials.of(session, now, issuing.random().getAsDouble());
      cached.set(current);
      backoff = RenewalBackoff.NONE;
      complete(call, current);
      notifyListener(call, Duration.ofMillis(now - call.startedAt()));
    } catch (RuntimeException | Error e) {
      fail(call, e);
    }
  }

  private void complete(PendingCredentials call, CachedCredentials current) {
    pending.set(null);
    call.result().complete(current);
  }

  private void fail(PendingCredentials call, Throwable failure) {
    var before = backoff;
    backoff =
        before.afterFailure(failure, issuing.clock().millis(), issuing.random().getAsDouble());
    pending.set(null);
    call.result().completeExceptionally(failure);
    var reason =
        failure instanceof IssuingFailedException known ? known.reason() : FailureReason.REJECTED;
    if (before.failures() == 0) {
      LOG.warn("Credential issuing failed for tenant {}: {}", tenant, reason, failure);
    }
    issuing.listener().failed(tenant, reason, call.renewal());
  }

  private void requireOwn(TenantSession session) {
    if (!session.tenant().equals(tenant) || !session.location().equals(location)) {
      throw new IllegalStateException("the credentials were issued for another tenant or location");
    }
  }

  private void notifyListener(PendingCredentials call, Duration took) {
    if (call.renewal()) {
      issuing.listener().renewed(tenant, took);
    } else {
      issuing.listener().issued(tenant, took);
    }
  }
}
