package dev.partywall.observability;

import dev.partywall.tenancy.Caller;
import dev.partywall.tenancy.RequestScope;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Puts audit entries into words. Changes are always written, one by one; equal refusals are counted
 * once there are many, and the count is written.
 */
public final class AuditTrail {
  private final AuditChain chain;
  private final Flood<Refusal> flood;

  /** What makes two refusals equal; the thing does not, or a scan would be no flood. */
  private record Refusal(Level level, Optional<String> tenant, String action, String reason) {}

  /** Writes on that chain. */
  public AuditTrail(AuditChain chain, InstantSource clock) {
    this.chain = chain;
    this.flood = new Flood<>(clock, this::summary);
  }

  /**
   * Somebody changed something.
   *
   * @param action the method and the route's template
   * @param thing what was changed
   */
  void done(String action, String thing, int status) {
    chain.append(
        Level.INFO,
        action,
        List.of(actor(), pair("thing", thing), pair("outcome", "done"), pair("status", status)));
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
    flood.tick();
  }

  /** Writes all counts, and closes the chain. */
  public void end() {
    flood.drain();
    chain.end();
  }

  private void refused(Level level, String action, String thing, String reason) {
    var tenant = caller().map(caller -> caller.tenant().value());
    var refusal = new Refusal(level, tenant, action, reason);
    if (flood.lets(refusal)) {
      write(refusal, thing, 1);
    }
  }

  private void summary(Refusal refusal, long count) {
    write(refusal, "several", count);
  }

  private void write(Refusal refusal, String thing, long count) {
    chain.append(
        refusal.level(),
        refusal.action(),
        List.of(
            actor(),
            pair("thing", thing),
            pair("outcome", "refused"),
            pair("reason", refusal.reason()),
            pair("count", count)));
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
