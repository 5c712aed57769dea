package dev.partywall.architecture.broken.http;

import dev.partywall.architecture.broken.tenancy.TenancyBreaks;

/** Knows what it may not. */
public final class HttpBreaks {
  Class<?> knows() {
    return TenancyBreaks.class;
  }
}
