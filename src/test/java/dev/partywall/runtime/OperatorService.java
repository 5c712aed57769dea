package dev.partywall.runtime;

import dev.partywall.Partywall;
import dev.partywall.orders.OrderRoutes;

/** The service with routes for operators, in its own process. */
final class OperatorService {
  private OperatorService() {}

  static void main(String[] args) {
    Partywall.run(args, OrderRoutes::of, OperatorCapability::of);
  }
}
