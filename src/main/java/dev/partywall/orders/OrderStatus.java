package dev.partywall.orders;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The status of an order. A transition never leads back: the new status is declared later. */
enum OrderStatus {
  PLACED,
  PAID,
  SHIPPED,
  DELIVERED,
  CANCELLED;

  /** Returns the status with that API name. */
  static Optional<OrderStatus> of(String apiName) {
    return Arrays.stream(values()).filter(status -> status.apiName().equals(apiName)).findFirst();
  }

  /** Returns the statuses that an order may move to from this one. */
  List<OrderStatus> next() {
    return switch (this) {
      case PLACED -> List.of(PAID, CANCELLED);
      case PAID -> List.of(SHIPPED, CANCELLED);
      case SHIPPED -> List.of(DELIVERED);
      case DELIVERED, CANCELLED -> List.of();
    };
  }

  /** Returns whether the order can no longer change. */
  boolean isClosed() {
    return next().isEmpty();
  }

  /** Returns whether the goods have been shipped. Such an order cannot be deleted. */
  boolean hasShipped() {
    return this == SHIPPED || this == DELIVERED;
  }

  /** Returns the name in the API, such as {@code placed}. */
  String apiName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
