package dev.partywall.architecture.broken.orders;

import dev.partywall.architecture.broken.tenancy.TenancyViolation;

/** Has a forbidden dependency. */
public final class OrdersViolation {
  Class<?> forbidden() {
    return TenancyViolation.class;
  }
}
