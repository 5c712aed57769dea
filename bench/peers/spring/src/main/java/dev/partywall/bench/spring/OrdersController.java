package dev.partywall.bench.spring;

import dev.partywall.bench.orders.OrdersTable;
import dev.partywall.bench.orders.Page;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrdersController {
  private final OrdersTable table;

  OrdersController(OrdersTable table) {
    this.table = table;
  }

  @GetMapping("/orders")
  Page newest(@AuthenticationPrincipal Jwt token, @RequestParam(defaultValue = "20") int limit) {
    return table.newest(token.getClaimAsString("tenant_id"), limit);
  }
}
