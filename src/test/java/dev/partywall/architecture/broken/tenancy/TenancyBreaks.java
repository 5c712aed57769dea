package dev.partywall.architecture.broken.tenancy;

import dev.partywall.architecture.broken.identity.IdentityBreaks;

/** Has a forbidden dependency. */
public final class TenancyBreaks {
  Class<?> forbidden() {
    return IdentityBreaks.class;
  }
}
