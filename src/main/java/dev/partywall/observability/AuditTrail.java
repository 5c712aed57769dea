package dev.partywall.observability;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.tenancy.Caller;
import dev.partywall.tenancy.RequestScope;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Puts audit entries into words. Changes are always written, one by one; equal refusals are counted
 * once there are many, and the count is written.
 *
 * <p>While nobody reads standard output and its buffer is full, a change is refused before it is
 * made. What was refused is refused all the same; if its entry finds no room in time, it is given
 * up, and counts as a dropped line.
 */
public final class AuditTrail {
  /** For room; what is waited for is a reader that is slow, not one that is gone. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration COME_BACK = Duration.ofSeconds(5);

  private static final KeyValuePair SEVERAL = pair("actor", "several");

  private final AuditChain chain;
  private final Duration patience;
  private final Flood<Refusals> flood;

  /** What makes two refusals equal; the thing does not, or a scan would be no flood. */
  private record Refusals(
      Level level, Optional<TenantId> tenant, String action, String outcome, String reason) {}

  /** Writes on that chain. */
  public AuditTrail(AuditChain chain, InstantSource clock) {
    this(chain, clock, PATIENCE);
  }

  AuditTrail(AuditChain chain, InstantSource clock, Duration patience) {
    this.chain = chain;
    this.patience = patience;
    this.flood = new Flood<>(clock, this::summary);
  }

  /**
   * To be called before a change is made.
   *
   * @throws Refused as {@link Refusal.Unavailable} when its entry could not be written
   */
  void requireRoom() {
    if (!chain.awaitRoom(patience)) {
      throw new Refused(new Refusal.Unavailable("The audit can't be written now.", COME_BACK));
    }
  }

  /**
   * Somebody changed something.
   *
   * @param action the method and the route's template
   * @param thing what was changed
   */
  void done(String action, String thing, int status) {
    answered(action, thing, "done", status);
  }

  /** Somebody asked for a change again, and was answered again: nothing was changed this time. */
  void repeated(String action, String thing, int status) {
    answered(action, thing, "repeated", status);
  }

  /**
   * Somebody was refused.
   *
   * @param reason the refusal's name
   */
  void refused(String action, String thing, String reason) {
    refused(Level.WARN, action, thing, reason);
  }

  /**
   * Somebody asked for a change, and whether it was made is not known: an answer of DynamoDB's did
   * not come, or came too late.
   */
  void unknown(String action, String thing) {
    told(new Refusals(Level.WARN, tenant(), action, "unknown", "unavailable"), thing);
  }

  /**
   * The wall refused what this service asked for: one of its own locks has failed before. To be
   * called where the refused call was made, so that the entry names its tenant and request.
   *
   * @param operation such as {@code GetItem}
   * @param resource such as a table's name
   */
  public void wall(String operation, String resource) {
    refused(Level.ERROR, operation, resource, "wall");
  }

  /** Writes the counts that are due. To be called every second or so. */
  public void tick() {
    if (chain.awaitRoom(Duration.ZERO)) {
      flood.tick();
    }
  }

  /**
   * Writes all counts, and closes the chain. Where there is no room for that in time, it stays
   * open, as a killed process would leave it.
   */
  public void end(Duration longest) {
    if (chain.awaitRoom(longest)) {
      flood.drain();
      chain.end();
    }
  }

  private void answered(String action, String thing, String outcome, int status) {
    chain.append(
        Level.INFO,
        action,
        List.of(actor(), pair("thing", thing), pair("outcome", outcome), pair("status", status)));
  }

  private void refused(Level level, String action, String thing, String reason) {
    told(new Refusals(level, tenant(), action, "refused", reason), thing);
  }

  private void told(Refusals refusal, String thing) {
    if (!flood.lets(refusal)) {
      return;
    }
    if (chain.awaitRoom(patience)) {
      write(refusal, actor(), thing, 1);
    } else {
      chain.giveUp();
    }
  }

  // They came from several requests, so nothing but the tenant is said of any of them.
  private void summary(Refusals refusal, long count) {
    var tenant = refusal.tenant().map(id -> new Tenant(id, ""));
    if (tenant.isPresent()) {
      TenantContext.call(tenant.get(), () -> write(refusal, SEVERAL, "several", count));
    } else {
      write(refusal, SEVERAL, "several", count);
    }
  }

  private boolean write(Refusals refusal, KeyValuePair actor, String thing, long count) {
    chain.append(
        refusal.level(),
        refusal.action(),
        List.of(
            actor,
            pair("thing", thing),
            pair("outcome", refusal.outcome()),
            pair("reason", refusal.reason()),
            pair("count", count)));
    return true;
  }

  // Work in the background binds a tenant without a caller.
  private static Optional<TenantId> tenant() {
    return TenantContext.isBound()
        ? Optional.of(TenantContext.current().id())
        : caller().map(Caller::tenant);
  }

  private static KeyValuePair actor() {
    return pair("actor", caller().map(Caller::user).orElse("anonymous"));
  }

  private static Optional<Caller> caller() {
    return RequestScope.current().flatMap(RequestScope::caller);
  }

  private static KeyValuePair pair(String key, Object value) {
    return new KeyValuePair(key, value);
  }
}
