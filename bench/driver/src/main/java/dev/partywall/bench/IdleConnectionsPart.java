package dev.partywall.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Ten thousand connections that are kept alive and say nothing. */
final class IdleConnectionsPart implements ScalePart {
  private static final int WANTED = 10_000;
  private static final int LONGEST_ANSWER = 8_192;

  private final ScaleContext bed;

  IdleConnectionsPart(ScaleContext bed) {
    this.bed = bed;
  }

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var requests = new RequestMessages(bed.tokens());
    var count = Math.min(bed.length().count(WANTED), OpenFileLimit.forConnections());
    var grid =
        new ScaleTable("%,d idle connections".formatted(count), List.of("without", "with", "after"));
    try (var specimen = bed.warm(name(), requests)) {
      var others = new BackgroundLoad(specimen, requests);
      others.look(bed.length().seconds(15));
      var idle = open(specimen.port(), count, requests);
      others.look(bed.length().seconds(15));
      var alive = alive(idle, requests);
      Thread.sleep(2_000);
      others.look(bed.length().seconds(10));
      others.tell(grid);
      grid.add("idle connections that answered again at the end", "", Double.NaN, alive);
    }
    return grid;
  }

  private static List<ClientConnection> open(int port, int count, RequestMessages requests) throws IOException {
    var idle = new ArrayList<ClientConnection>(count);
    for (var n = 0; n < count; n++) {
      var connection = new ClientConnection(port, LONGEST_ANSWER);
      connection.ask(requests.of(n));
      idle.add(connection);
    }
    return idle;
  }

  private static double alive(List<ClientConnection> idle, RequestMessages requests) throws IOException {
    var alive = 0;
    for (var connection : idle) {
      try (connection) {
        alive += connection.ask(requests.of(alive)) == 200 ? 1 : 0;
      } catch (IOException _) {
        // It was closed: that is what is counted here.
        continue;
      }
    }
    return alive;
  }
}
