package dev.partywall.identity;

import dev.partywall.http.Principal;
import dev.partywall.tenancy.Caller;

/** What a token that holds says, for how long it does, and by whose key. */
record VerifiedToken(
    Caller caller, Principal principal, Lifetime lifetime, SigningKey key, IssuerKeys issuer) {
  /** Whether it would still be taken. */
  boolean holds(long now) {
    return lifetime.holds(now) && issuer.hold(key);
  }
}
