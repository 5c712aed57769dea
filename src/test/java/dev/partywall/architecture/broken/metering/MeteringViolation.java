package dev.partywall.architecture.broken.metering;

import dev.partywall.architecture.broken.identity.IdentityViolation;

/** Has a forbidden dependency. */
public final class MeteringViolation {
  Class<?> forbidden() {
    return IdentityViolation.class;
  }
}
