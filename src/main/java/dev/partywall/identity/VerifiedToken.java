package dev.partywall.identity;

import dev.partywall.http.Principal;
import dev.partywall.tenancy.Caller;

/** The content of a valid token, its validity period, and the key that signed it. */
record VerifiedToken(
    Caller caller, Principal principal, Lifetime lifetime, SigningKey key, IssuerKeys issuer) {
  /** Returns whether the token is still valid. */
  boolean isValidAt(long now) {
    return lifetime.isValidAt(now) && issuer.contains(key);
  }
}
