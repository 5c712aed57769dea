package dev.partywall.bench.spring;

import dev.partywall.bench.orders.OrdersTable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class Application {
  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  @Bean
  OrdersTable ordersTable() {
    return OrdersTable.fromEnvironment();
  }
}
