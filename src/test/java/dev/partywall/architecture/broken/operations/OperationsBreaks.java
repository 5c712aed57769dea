package dev.partywall.architecture.broken.operations;

import dev.partywall.architecture.broken.orders.OrdersBreaks;

/** Knows what it may not. */
public final class OperationsBreaks {
  Class<?> knows() {
    return OrdersBreaks.class;
  }
}
