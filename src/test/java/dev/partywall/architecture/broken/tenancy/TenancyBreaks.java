package dev.partywall.architecture.broken.tenancy;

import dev.partywall.architecture.broken.identity.IdentityBreaks;

/** Knows what it may not. */
public final class TenancyBreaks {
  Class<?> knows() {
    return IdentityBreaks.class;
  }
}
