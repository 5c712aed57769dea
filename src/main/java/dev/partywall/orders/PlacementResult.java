package dev.partywall.orders;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.Fault;
import dev.partywall.error.ApiException;
import dev.partywall.http.Response;
import java.util.List;

/** The result of validating the body of a new order. */
sealed interface PlacementResult {
  /** The body is valid; the order has been placed. */
  record Placed(Order order) implements PlacementResult {}

  /** The body is invalid. */
  record InvalidOrder(List<Fault> faults) implements PlacementResult {}

  /**
   * Returns the response for this result, identical on every call.
   *
   * @throws ApiException with {@link ApiError.Invalid} for an invalid body
   */
  default Response response() {
    return switch (this) {
      case Placed(var order) ->
          OrderResponses.order(201, order).with("Location", "/orders/" + order.id());
      case InvalidOrder(var faults) -> throw new ApiException(new ApiError.Invalid(faults));
    };
  }
}
