package dev.partywall.attack;

import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.util.List;

/**
 * A tenant of the fixture with its data.
 *
 * @param canary a random string in the note, the items and the user of its orders
 * @param orders the ids of its orders, newest first
 * @param cursors cursors of its lists: all orders, by status, by user
 */
record Resident(String name, Home home, String canary, List<String> orders, List<String> cursors) {
  /** A user that exists in every tenant. */
  static final String ALICE = "alice";

  /** The idempotency key with which every tenant has placed the same order. */
  static final String KEY = "\"the-same-key\"";

  /** Returns a user that exists only in this tenant. */
  String user() {
    return "u-" + canary;
  }

  Tenant tenant() {
    return new Tenant(new TenantId(name), "standard");
  }

  /** Returns the JSON of an order that contains this tenant's canary. */
  String order() {
    return order(canary, canary);
  }

  /** Returns the JSON of an order without a canary. */
  static String plainOrder() {
    return order("A-1", "the same order");
  }

  static String order(String item, String note) {
    return """
    {"currency":"EUR","items":[{"sku":"%s","name":"%s","quantity":2,"unitPrice":990}],"note":"%s"}\
    """
        .formatted(item, item, note);
  }
}
