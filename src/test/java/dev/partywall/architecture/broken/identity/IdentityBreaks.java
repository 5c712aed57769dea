package dev.partywall.architecture.broken.identity;

import dev.partywall.architecture.broken.isolation.IsolationBreaks;

/** Has a forbidden dependency. */
public final class IdentityBreaks {
  Class<?> forbidden() {
    return IsolationBreaks.class;
  }
}
