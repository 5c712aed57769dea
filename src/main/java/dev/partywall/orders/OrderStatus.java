package dev.partywall.orders;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far an order has come. Orders only ever move to what is declared further down. */
enum OrderStatus {
  PLACED,
  PAID,
  SHIPPED,
  DELIVERED,
  CANCELLED;

  /** The status that a caller calls so. */
  static Optional<OrderStatus> of(String word) {
    return Arrays.stream(values()).filter(status -> status.word().equals(word)).findFirst();
  }

  /** Where an order may go from here, other than staying. */
  List<OrderStatus> next() {
    return switch (this) {
      case PLACED -> List.of(PAID, CANCELLED);
      case PAID -> List.of(SHIPPED, CANCELLED);
      case SHIPPED -> List.of(DELIVERED);
      case DELIVERED, CANCELLED -> List.of();
    };
  }

  /** Whether nothing about the order can change any more. */
  boolean isClosed() {
    return next().isEmpty();
  }

  /** Whether goods are on their way or have arrived, so that the order has to stay on record. */
  boolean isUnderway() {
    return this == SHIPPED || this == DELIVERED;
  }

  /** What callers call it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
