package dev.partywall.architecture.broken.orders;

import dev.partywall.architecture.broken.tenancy.TenancyBreaks;

/** Has a forbidden dependency. */
public final class OrdersBreaks {
  Class<?> forbidden() {
    return TenancyBreaks.class;
  }
}
