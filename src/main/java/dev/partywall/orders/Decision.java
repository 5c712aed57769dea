package dev.partywall.orders;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refusal.Fault;
import dev.partywall.http.Refused;
import dev.partywall.http.Response;
import java.util.List;

/** What the rules say to a body that is to become an order. */
sealed interface Decision {
  /** It becomes this one. */
  record Placed(Order order) implements Decision {}

  /** It does not hold. */
  record Invalid(List<Fault> faults) implements Decision {}

  /**
   * The answer that tells it, each time the same.
   *
   * @throws Refused as {@link Refusal.Invalid}
   */
  default Response answer() {
    return switch (this) {
      case Placed(var order) -> Answers.order(201, order).with("Location", "/orders/" + order.id());
      case Invalid(var faults) -> throw new Refused(new Refusal.Invalid(faults));
    };
  }
}
