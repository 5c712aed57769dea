package dev.partywall.bench.quarkus;

import dev.partywall.bench.orders.OrdersTable;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

class Tables {
  @Produces
  @Singleton
  OrdersTable ordersTable() {
    return OrdersTable.fromEnvironment();
  }
}
