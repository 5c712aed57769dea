package dev.partywall.identity;

import dev.partywall.tenancy.Identity;

/** The content of a valid token, its validity period, and the key that signed it. */
record VerifiedToken(Identity identity, Lifetime lifetime, VerificationKey key, IssuerKeys issuer) {
  /** Returns whether the token is still valid. */
  boolean isValidAt(long now) {
    return lifetime.isValidAt(now) && issuer.contains(key);
  }
}
