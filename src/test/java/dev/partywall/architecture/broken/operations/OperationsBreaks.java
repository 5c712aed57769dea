package dev.partywall.architecture.broken.operations;

import dev.partywall.architecture.broken.orders.OrdersBreaks;

/** Has a forbidden dependency. */
public final class OperationsBreaks {
  Class<?> forbidden() {
    return OrdersBreaks.class;
  }
}
