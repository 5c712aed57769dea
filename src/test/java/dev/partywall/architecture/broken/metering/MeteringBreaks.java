package dev.partywall.architecture.broken.metering;

import dev.partywall.architecture.broken.identity.IdentityBreaks;

/** Knows what it may not. */
public final class MeteringBreaks {
  Class<?> knows() {
    return IdentityBreaks.class;
  }
}
