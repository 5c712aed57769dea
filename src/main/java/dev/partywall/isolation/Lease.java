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
 * One tenant's credentials over time: none yet, in use, being renewed, failing. At most one call to
 * STS is in flight for it, and whoever needs its result waits for that one.
 *
 * <p>A landing writes its result first and clears the way second; a take-off takes the way first
 * and looks for a result second. Neither order may change, or a second call could start for
 * nothing.
 */
final class Lease {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  /** Credentials that are refused at this age or younger are not refused for their age. */
  static final Duration TRUSTED = Duration.ofSeconds(5);

  private final TenantId tenant;
  private final Home home;
  private final Vending vending;
  private final AtomicReference<@Nullable Held> held = new AtomicReference<>();
  private final AtomicReference<@Nullable Flight> flight = new AtomicReference<>();
  private volatile Setback setback = Setback.NONE;
  private volatile boolean ended;

  Lease(TenantId tenant, Home home, Vending vending) {
    this.tenant = tenant;
    this.home = home;
    this.vending = vending;
  }

  boolean holdsFor(Home where) {
    return !ended && home.equals(where);
  }

  /** The tenant is gone, or has moved. */
  void end() {
    ended = true;
    held.set(null);
  }

  /**
   * Credentials that hold, at once where there are some.
   *
   * @throws dev.partywall.http.Refused as {@code Unavailable} when there are none to be had in time
   */
  Held held(long now) {
    var current = held.get();
    if (current == null || !current.isUsable(now)) {
      return takeOff(false).landed();
    }
    vending.listener().hit();
    if (current.isDue(now) && flight.get() == null && !setback.delaysRenewal(now)) {
      takeOff(true);
    }
    return current;
  }

  /** Drops the credentials unless they are new: then newer ones would fare no better. */
  void distrust(long now) {
    var current = held.get();
    if (current != null
        && now - current.since() > TRUSTED.toMillis()
        && held.compareAndSet(current, null)) {
      LOG.warn("AWS no longer takes the credentials of tenant {}", tenant);
      vending.listener().distrusted(tenant);
    }
  }

  private Flight takeOff(boolean renewal) {
    var mine = new Flight(vending.clock().millis(), renewal, new CompletableFuture<>());
    var other = flight.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    if (isNeeded(mine)) {
      vending.background().execute(() -> fly(mine));
    }
    return mine;
  }

  /**
   * Not where another flight has landed since it was found that one is needed, and not so soon
   * after one that failed.
   */
  private boolean isNeeded(Flight mine) {
    var current = held.get();
    var now = mine.start();
    if (current != null && (mine.renewal() ? !current.isDue(now) : current.isUsable(now))) {
      land(mine, current);
      return false;
    }
    if (mine.renewal() ? setback.delaysRenewal(now) : setback.delaysFirst(now)) {
      flight.set(null);
      mine.result().completeExceptionally(setback.cause());
      return false;
    }
    return true;
  }

  private void fly(Flight mine) {
    try {
      var made = vending.vendor().vend(tenant, home);
      requireOwn(made);
      var now = vending.clock().millis();
      var current = Held.of(made, now, vending.random().getAsDouble());
      held.set(current);
      setback = Setback.NONE;
      land(mine, current);
      tell(mine, Duration.ofMillis(now - mine.start()));
    } catch (RuntimeException | Error e) {
      crash(mine, e);
    }
  }

  private void land(Flight mine, Held current) {
    flight.set(null);
    mine.result().complete(current);
  }

  private void crash(Flight mine, Throwable why) {
    var before = setback;
    setback = before.next(why, vending.clock().millis(), vending.random().getAsDouble());
    flight.set(null);
    mine.result().completeExceptionally(why);
    var reason = why instanceof VendingFailed failed ? failed.reason() : Reason.REFUSED;
    if (before.failures() == 0) {
      LOG.warn("No new credentials for tenant {}: {}", tenant, reason, why);
    }
    vending.listener().failed(tenant, reason, mine.renewal());
  }

  private void requireOwn(TenantSession made) {
    if (!made.tenant().equals(tenant) || !made.home().equals(home)) {
      throw new IllegalStateException("credentials that were made for another tenant or home");
    }
  }

  private void tell(Flight mine, Duration took) {
    if (mine.renewal()) {
      vending.listener().renewed(tenant, took);
    } else {
      vending.listener().vended(tenant, took);
    }
  }
}
