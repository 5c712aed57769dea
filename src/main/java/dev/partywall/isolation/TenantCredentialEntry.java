package dev.partywall.isolation;

import dev.partywall.concurrent.Backoff;
import dev.partywall.concurrent.OutOfMemory;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.isolation.IssuingFailedException.FailureReason;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

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
  private final int incarnation;
  private final TenantLocation location;
  private final CredentialIssuing issuing;
  private final AtomicReference<@Nullable CachedCredentials> cached = new AtomicReference<>();
  private final AtomicReference<@Nullable PendingCredentials> pending = new AtomicReference<>();
  private volatile Failures failures = Failures.NONE;

  TenantCredentialEntry(Tenant tenant, TenantLocation location, CredentialIssuing issuing) {
    this.tenant = tenant.id();
    this.incarnation = tenant.incarnation();
    this.location = location;
    this.issuing = issuing;
  }

  boolean isFor(TenantLocation other, int otherIncarnation) {
    return location.equals(other) && incarnation == otherIncarnation;
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
    if (current.isRenewalDue(now) && pending.get() == null && !failures.delayRenewal(now)) {
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
      issuing.executor().execute(renewal ? () -> renew(call) : () -> run(call));
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
    var known = failures;
    if (call.renewal() ? known.delayRenewal(now) : known.delayFirstCall(now)) {
      pending.set(null);
      call.result().completeExceptionally(known.cause());
      return false;
    }
    return true;
  }

  /** Runs the call in an execution of its own: its log lines and its trace are not a request's. */
  private void renew(PendingCredentials call) {
    issuing.executions().get().runForTenant(new Tenant(tenant), () -> run(call));
  }

  private void run(PendingCredentials call) {
    try {
      var session = issuing.issuer().issue(tenant, location);
      requireOwn(session);
      var now = issuing.clock().millis();
      var current = CachedCredentials.of(session, now, issuing.random().getAsDouble());
      cached.set(current);
      failures = Failures.NONE;
      complete(call, current);
      notifyListener(call, Duration.ofMillis(now - call.startedAt()));
    } catch (RuntimeException | Error e) {
      OutOfMemory.exitIfCauseOf(e);
      fail(call, e);
    }
  }

  private void complete(PendingCredentials call, CachedCredentials current) {
    pending.set(null);
    call.result().complete(current);
  }

  private void fail(PendingCredentials call, Throwable failure) {
    var before = failures;
    failures = before.plus(failure, issuing.clock().millis(), issuing.random().getAsDouble());
    pending.set(null);
    call.result().completeExceptionally(failure);
    var reason =
        failure instanceof IssuingFailedException known ? known.reason() : FailureReason.REJECTED;
    if (before.count() == 0) {
      LOG.atLevel(reason.needsOperator() ? Level.ERROR : Level.WARN)
          .setCause(failure)
          .log("Credential issuing failed for tenant {}: {}", tenant, failure.getMessage());
    }
    issuing.listener().failed(tenant, reason, call.renewal());
  }

  private void requireOwn(TenantSession session) {
    if (!session.tenant().equals(tenant) || !session.location().equals(location)) {
      throw new IllegalStateException("the credentials were issued for another tenant or location");
    }
  }

  private void notifyListener(PendingCredentials call, Duration duration) {
    if (call.renewal()) {
      issuing.listener().renewed(tenant, duration);
    } else {
      issuing.listener().issued(tenant, duration);
    }
  }

  /**
   * A call to STS in flight. It runs on its own thread: a request that times out stops waiting, and
   * the call continues for later requests.
   *
   * @param startedAt start time, in milliseconds since 1970
   * @param renewal whether the call is to renew credentials that are still valid
   */
  private record PendingCredentials(
      long startedAt, boolean renewal, CompletableFuture<CachedCredentials> result) {
    /** Slightly longer than the timeout of the call. */
    static final Duration WAIT_TIMEOUT = StsClients.CALL_TIMEOUT.plusSeconds(1);

    static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    /**
     * Waits for the result, up to a timeout.
     *
     * @throws ApiException as {@code Unavailable} if the call fails or takes too long
     */
    CachedCredentials await() {
      try {
        return result.get(WAIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw unavailable(Objects.requireNonNullElse(e.getCause(), e));
      } catch (TimeoutException e) {
        throw unavailable(e);
      } catch (InterruptedException e) {
        // The request has timed out. Its timeout filter must still find the thread interrupted.
        Thread.currentThread().interrupt();
        throw unavailable(e);
      }
    }

    private static ApiException unavailable(Throwable cause) {
      return new ApiException(
          new ApiError.Unavailable("Tenant credentials are temporarily unavailable.", RETRY_AFTER),
          cause);
    }
  }

  /**
   * The consecutive failures of calls to STS. For a tenant without credentials the service retries
   * after one second, to serve the tenant soon after STS recovers. A tenant with credentials can
   * wait longer. Its delay is random, which spreads the renewals after STS recovers.
   *
   * @param lastAt time of the last failure, in milliseconds since 1970
   * @param renewalDelay delay of a renewal, in milliseconds
   * @param cause the last failure
   */
  private record Failures(int count, long lastAt, long renewalDelay, @Nullable Throwable cause) {
    static final Failures NONE = new Failures(0, 0, 0, null);

    /** The period in which a tenant without credentials is rejected without calling STS. */
    static final Duration FIRST_DELAY = Duration.ofSeconds(1);

    static final Backoff RENEWALS = new Backoff(FIRST_DELAY, Duration.ofMinutes(1), 0.5);

    /**
     * Returns the state after one more failure.
     *
     * @param random from 0 to 1
     */
    Failures plus(Throwable failure, long now, double random) {
      var delay = RENEWALS.delay(count + 1, random).toMillis();
      return new Failures(count + 1, now, delay, failure);
    }

    boolean delayFirstCall(long now) {
      return isWithin(FIRST_DELAY.toMillis(), now);
    }

    boolean delayRenewal(long now) {
      return isWithin(renewalDelay, now);
    }

    /** Does not extend the delay if the clock was set back. */
    private boolean isWithin(long delay, long now) {
      var elapsed = now - lastAt;
      return count > 0 && elapsed >= 0 && elapsed < delay;
    }
  }
}
