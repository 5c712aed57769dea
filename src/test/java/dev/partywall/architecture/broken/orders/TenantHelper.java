package dev.partywall.architecture.broken.orders;

import com.sun.net.httpserver.HttpExchange;

/** Business code with several violations. */
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
