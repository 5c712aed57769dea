package dev.partywall.architecture.broken.tenancy;

import dev.partywall.architecture.broken.identity.IdentityViolation;

/** Has a forbidden dependency. */
public final class TenancyViolation {
  Class<?> forbidden() {
    return IdentityViolation.class;
  }
}
