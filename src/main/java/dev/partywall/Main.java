package dev.partywall;

import dev.partywall.orders.OrderRoutes;

/** The orders service. */
public final class Main {
  private Main() {}

  /** Serves, or runs a command; see {@link Partywall#run}. */
  public static void main(String[] args) {
    Partywall.run(args, OrderRoutes::of);
  }
}
