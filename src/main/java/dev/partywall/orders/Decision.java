package dev.partywall.orders;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refusal.Fault;
import dev.partywall.http.Refused;
import dev.partywall.http.Response;
import java.util.List;

/** The result of validating the body of a new order. */
sealed interface Decision {
  /** The body is valid; the order has been placed. */
  record Placed(Order order) implements Decision {}

  /** The body is invalid. */
  record Invalid(List<Fault> faults) implements Decision {}

  /**
   * Returns the response for this result, identical on every call.
   *
   * @throws Refused with {@link Refusal.Invalid} for an invalid body
   */
  default Response answer() {
    return switch (this) {
      case Placed(var order) -> Answers.order(201, order).with("Location", "/orders/" + order.id());
      case Invalid(var faults) -> throw new Refused(new Refusal.Invalid(faults));
    };
  }
}
