package dev.partywall.attack;

import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.util.List;

/**
 * A tenant of the house, and all that its neighbours would like to know.
 *
 * @param canary lies in the note, the goods and the user of its orders
 * @param orders their names, newest first
 * @param cursors of its lists: of all orders, by status, by user
 */
record Resident(String name, Home home, String canary, List<String> orders, List<String> cursors) {
  /** A user whom every resident has. */
  static final String ALICE = "alice";

  /** Under this key every resident has placed the same order. */
  static final String KEY = "\"the-same-key\"";

  /** A user whom only this resident has. */
  String user() {
    return "u-" + canary;
  }

  Tenant tenant() {
    return new Tenant(new TenantId(name), "standard");
  }

  /** An order as a client writes it down, full of this resident's canary. */
  String order() {
    return order(canary, canary);
  }

  /** An order of no particular resident. */
  static String plainOrder() {
    return order("A-1", "the same order");
  }

  static String order(String goods, String note) {
    return """
    {"currency":"EUR","items":[{"sku":"%s","name":"%s","quantity":2,"unitPrice":990}],"note":"%s"}\
    """
        .formatted(goods, goods, note);
  }
}
