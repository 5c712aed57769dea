package dev.partywall.architecture.broken.orders;

import dev.partywall.architecture.broken.tenancy.TenancyBreaks;

/** Knows what it may not. */
public final class OrdersBreaks {
  Class<?> knows() {
    return TenancyBreaks.class;
  }
}
