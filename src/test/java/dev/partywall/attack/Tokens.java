package dev.partywall.attack;

import dev.partywall.local.LocalIssuer;
import dev.partywall.local.LocalToken;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens, and those that are good kept, since a signature costs more than most requests. */
final class Tokens {
  static final String ALL = "orders:read orders:write";

  private final LocalIssuer issuer;
  private final InstantSource clock;
  private final Map<String, String> kept = new ConcurrentHashMap<>();

  Tokens(LocalIssuer issuer, InstantSource clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /** A good one. */
  String of(String tenant, String user) {
    return of(tenant, user, ALL);
  }

  /** A good one, with that scope. */
  String of(String tenant, String user, String scope) {
    return kept.computeIfAbsent(
        tenant + " " + user + " " + scope, _ -> signed(made(tenant, user, scope)));
  }

  /** One that is not signed yet; it would hold for most of a day. */
  LocalToken made(String tenant, String user, String scope) {
    var end = clock.instant().plus(Duration.ofHours(23)).getEpochSecond();
    return issuer.token(tenant, user, scope).claim("exp", end);
  }

  /** By the issuer's own key. */
  String signed(LocalToken token) {
    return token.signedBy(issuer.key());
  }
}
