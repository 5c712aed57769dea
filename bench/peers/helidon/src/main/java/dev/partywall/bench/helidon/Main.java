package dev.partywall.bench.helidon;

import dev.partywall.bench.orders.OrdersTable;
import io.helidon.config.Config;
import io.helidon.logging.common.LogConfig;
import io.helidon.security.Security;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.security.SecurityFeature;

public final class Main {
  private Main() {}

  public static void main(String[] args) {
    LogConfig.configureRuntime();
    var config = Config.create();
    var orders = new OrdersHandler(OrdersTable.fromEnvironment());
    var security =
        SecurityFeature.builder().security(Security.create(config.get("security"))).build();
    WebServer.builder()
        .config(config.get("server"))
        .addFeature(security)
        .routing(routing -> routing.get("/orders", SecurityFeature.authenticate(), orders))
        .build()
        .start();
  }
}
