package dev.partywall.bench.bare;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.partywall.bench.orders.OrdersTable;
import java.io.IOException;

final class BareHandler implements HttpHandler {
  private static final int PAGE = 20;

  private final OrdersTable table;
  private final byte[] answer;

  BareHandler(OrdersTable table, byte[] answer) {
    this.table = table;
    this.answer = answer;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    var found = table.query("acme", PAGE).count();
    if (found != PAGE) {
      throw new IOException("expected " + PAGE + " orders, found " + found);
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, answer.length);
    try (var body = exchange.getResponseBody()) {
      body.write(answer);
    }
  }
}
