package dev.partywall.architecture.broken.operations;

import dev.partywall.architecture.broken.orders.OrdersViolation;

/** Has a forbidden dependency. */
public final class OperationsViolation {
  Class<?> forbidden() {
    return OrdersViolation.class;
  }
}
