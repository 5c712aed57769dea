package dev.partywall.architecture.broken.identity;

import dev.partywall.architecture.broken.isolation.IsolationBreaks;

/** Knows what it may not. */
public final class IdentityBreaks {
  Class<?> knows() {
    return IsolationBreaks.class;
  }
}
