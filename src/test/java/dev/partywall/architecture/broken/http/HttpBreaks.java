package dev.partywall.architecture.broken.http;

import dev.partywall.architecture.broken.tenancy.TenancyBreaks;

/** Has a forbidden dependency. */
public final class HttpBreaks {
  Class<?> forbidden() {
    return TenancyBreaks.class;
  }
}
