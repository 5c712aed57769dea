package dev.partywall.attack;

import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.LocalToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Creates tokens. Valid ones are cached, since signing costs more than most requests. */
final class AttackTokens {
  static final String ALL_SCOPES = "orders:read orders:write";

  private final LocalOidcIssuer issuer;
  private final LocalOidcIssuer operatorIssuer;
  private final InstantSource clock;
  private final Map<String, String> cache = new ConcurrentHashMap<>();

  AttackTokens(LocalOidcIssuer issuer, LocalOidcIssuer operatorIssuer, InstantSource clock) {
    this.issuer = issuer;
    this.operatorIssuer = operatorIssuer;
    this.clock = clock;
  }

  /** Returns a valid token with all scopes. */
  String of(String tenant, String user) {
    return of(tenant, user, ALL_SCOPES);
  }

  /** Returns a valid token with the given scope. */
  String of(String tenant, String user, String scope) {
    return cached(tenant + " " + user + " " + scope, () -> sign(unsigned(tenant, user, scope)));
  }

  /** Returns the token with this name, created at the first call. */
  String cached(String name, Supplier<String> token) {
    return cache.computeIfAbsent(name, _ -> token.get());
  }

  /** Returns the end of a token, in seconds since 1970: tests advance the clock by hours. */
  long end() {
    return clock.instant().plus(Duration.ofHours(23)).getEpochSecond();
  }

  /** Returns an unsigned token that expires after 23 hours. */
  LocalToken unsigned(String tenant, String user, String scope) {
    return issuer
        .token(tenant, user, scope)
        .claim("tenant_tier", "standard") // its orders can have notes, which contain the canaries
        .claim("exp", end());
  }

  /**
   * Returns a valid token for a service in another process. It uses the system clock, which may be
   * behind the fixture's clock.
   */
  String forOtherProcess(String tenant) {
    var now = Instant.now().getEpochSecond();
    return sign(unsigned(tenant, "carol", ALL_SCOPES).claim("iat", now).claim("exp", now + 600));
  }

  /** Returns a valid token of an operator. */
  String ofOperator(String scope) {
    return cached("operator " + scope, () -> signAsOperators(unsignedOperator(scope)));
  }

  /** Returns an operator's unsigned token that expires after 23 hours. */
  LocalToken unsignedOperator(String scope) {
    return operatorIssuer
        .token("none", "olga", scope)
        .withoutClaim("tenant_id")
        .claim("exp", end());
  }

  /** Signs the token with the key of the operators' issuer. */
  String signAsOperators(LocalToken token) {
    return token.signedBy(operatorIssuer.key());
  }

  /** Signs the token with the issuer's key. */
  String sign(LocalToken token) {
    return token.signedBy(issuer.key());
  }
}
