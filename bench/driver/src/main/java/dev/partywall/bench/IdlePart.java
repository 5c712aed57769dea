package dev.partywall.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Ten thousand connections that are kept alive and say nothing. */
final class IdlePart implements Part {
  private static final int WANTED = 10_000;
  private static final int LONGEST_ANSWER = 8_192;

  private final Bed bed;

  IdlePart(Bed bed) {
    this.bed = bed;
  }

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public Grid run() throws IOException, InterruptedException {
    var requests = new Requests(bed.tokens());
    var count = Math.min(bed.length().count(WANTED), OpenFiles.forConnections());
    var grid =
        new Grid("%,d idle connections".formatted(count), List.of("without", "with", "after"));
    try (var specimen = bed.warm(name(), requests)) {
      var others = new Others(specimen, requests);
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

  private static List<Connection> open(int port, int count, Requests requests) throws IOException {
    var idle = new ArrayList<Connection>(count);
    for (var n = 0; n < count; n++) {
      var connection = new Connection(port, LONGEST_ANSWER);
      connection.ask(requests.of(n));
      idle.add(connection);
    }
    return idle;
  }

  private static double alive(List<Connection> idle, Requests requests) throws IOException {
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
