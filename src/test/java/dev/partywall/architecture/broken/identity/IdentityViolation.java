package dev.partywall.architecture.broken.identity;

import dev.partywall.architecture.broken.isolation.IsolationViolation;

/** Has a forbidden dependency. */
public final class IdentityViolation {
  Class<?> forbidden() {
    return IsolationViolation.class;
  }
}
