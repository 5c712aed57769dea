package dev.partywall.attack;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantLocation;
import java.util.List;

/**
 * A tenant of the fixture with its data.
 *
 * @param asTenant the tenant, as business code sees it
 * @param canary a random string in the note, the items and the user of its orders
 * @param orderIds the ids of its orders, newest first
 * @param cursors cursors of its lists: all orders, by status, by user
 */
record SeededTenant(
    Tenant asTenant,
    TenantLocation location,
    String canary,
    List<String> orderIds,
    List<String> cursors) {
  /** A user that exists in every tenant. */
  static final String COMMON_USER = "alice";

  /** The idempotency key with which every tenant has placed the same order. */
  static final String IDEMPOTENCY_KEY = "\"the-same-key\"";

  /** Returns a user that exists only in this tenant. */
  String uniqueUser() {
    return "u-" + canary;
  }

  String name() {
    return asTenant.id().value();
  }

  /** Returns the JSON of an order that contains this tenant's canary. */
  String orderJson() {
    return orderJson(canary, canary);
  }

  /** Returns the JSON of an order without a canary. */
  static String plainOrderJson() {
    return orderJson("A-1", "the same order");
  }

  static String orderJson(String item, String note) {
    return """
    {"currency":"EUR","items":[{"sku":"%s","name":"%s","quantity":2,"unitPrice":990}],"note":"%s"}\
    """
        .formatted(item, item, note);
  }
}
