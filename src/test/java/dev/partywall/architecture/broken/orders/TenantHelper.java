package dev.partywall.architecture.broken.orders;

import com.sun.net.httpserver.HttpExchange;

/** Business code that does all that it should not. */
final class TenantHelper {
  private final ThreadLocal<String> tenant = new ThreadLocal<>();

  TenantHelper another(HttpExchange exchange) {
    exchange.setAttribute("tenant", tenant.get());
    return new TenantHelper();
  }

  String environment() {
    return System.getenv("PARTYWALL_PORT");
  }
}
