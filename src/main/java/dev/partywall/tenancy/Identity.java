package dev.partywall.tenancy;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The authenticated caller, from the verified token. */
public sealed interface Identity {
  /** Returns the token's subject. */
  String subject();

  /** Returns the scopes that the token grants. */
  Set<String> scopes();

  /**
   * A user of a tenant.
   *
   * @param tier the tier in the token; the registry can override it
   */
  record TenantUser(
      TenantId tenant, Optional<String> tier, String subject, Set<String> scopes, Origin origin)
      implements Identity {}

  /**
   * The origin of a token. A tenant can accept the tokens of certain issuers only, and no token
   * that is older than its incarnation.
   *
   * @param issuer the issuer that has signed the token
   * @param issuedAt the time of issue in milliseconds since 1970; empty if the token has none
   */
  record Origin(String issuer, OptionalLong issuedAt) {}

  /** An operator of the service. An operator belongs to no tenant. */
  record Operator(String subject, Set<String> scopes) implements Identity {}
}
