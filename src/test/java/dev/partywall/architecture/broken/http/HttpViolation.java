package dev.partywall.architecture.broken.http;

import dev.partywall.architecture.broken.tenancy.TenancyViolation;

/** Has a forbidden dependency. */
public final class HttpViolation {
  Class<?> forbidden() {
    return TenancyViolation.class;
  }
}
