package dev.partywall.architecture.broken.metering;

import dev.partywall.architecture.broken.identity.IdentityBreaks;

/** Has a forbidden dependency. */
public final class MeteringBreaks {
  Class<?> forbidden() {
    return IdentityBreaks.class;
  }
}
