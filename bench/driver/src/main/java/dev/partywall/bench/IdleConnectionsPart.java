package dev.partywall.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Measures 4,000 idle keep-alive connections. */
final class IdleConnectionsPart implements ScalePart {
  private static final int CONNECTIONS = 4_000;
  private static final int MAX_RESPONSE_BYTES = 8_192;

  private final ScaleContext context;

  IdleConnectionsPart(ScaleContext context) {
    this.context = context;
  }

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var requests = new RequestMessages(context.tokens());
    var count = Math.min(context.length().count(CONNECTIONS), OpenFileLimit.maxConnections());
    var table =
        new ScaleTable(
            "%,d idle connections".formatted(count), List.of("without", "with", "after"));
    try (var product = context.startWarm(name(), requests)) {
      var background = new BackgroundLoad(product, requests);
      background.measure(context.length().seconds(15));
      var idle = open(product.port(), count, requests);
      background.measure(context.length().seconds(15));
      var alive = countAlive(idle, requests);
      Thread.sleep(2_000);
      background.measure(context.length().seconds(10));
      background.addTo(table);
      table.add("idle connections that responded again at the end", "", Double.NaN, alive);
    }
    return table;
  }

  private static List<ClientConnection> open(int port, int count, RequestMessages requests)
      throws IOException {
    var idle = new ArrayList<ClientConnection>(count);
    for (var n = 0; n < count; n++) {
      var connection = new ClientConnection(port, MAX_RESPONSE_BYTES);
      connection.send(requests.of(n));
      idle.add(connection);
    }
    return idle;
  }

  private static double countAlive(List<ClientConnection> idle, RequestMessages requests)
      throws IOException {
    var alive = 0;
    for (var connection : idle) {
      try (connection) {
        alive += connection.send(requests.of(alive)) == 200 ? 1 : 0;
      } catch (IOException _) {
        // The service closed the connection, so it is not counted as alive.
        continue;
      }
    }
    return alive;
  }
}
