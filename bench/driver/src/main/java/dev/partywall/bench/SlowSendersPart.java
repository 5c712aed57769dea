package dev.partywall.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Five thousand who send a byte a second: half of them of their headers, half of a body. */
final class SlowSendersPart implements ScalePart {
  private static final int SENDERS = 5_000;
  private static final int BODY = 1_000;

  private final ScaleContext bed;

  SlowSendersPart(ScaleContext bed) {
    this.bed = bed;
  }

  @Override
  public String name() {
    return "slow";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var tokens = bed.tokens();
    var count = bed.length().count(SENDERS);
    var grid =
        new ScaleTable(
            "%,d slow senders".formatted(count),
            List.of("without", "slow headers", "slow bodies", "both", "after"));
    var requests = new RequestMessages(tokens);
    try (var specimen = bed.warm(name(), requests)) {
      var others = new BackgroundLoad(specimen, requests);
      others.look(bed.length().seconds(10));
      grid.note("Slow headers: " + among(others, headers(specimen.port(), tokens, count)));
      grid.note("Slow bodies: " + among(others, bodies(specimen.port(), tokens, count)));
      var both = new ArrayList<>(headers(specimen.port(), tokens, count / 2).senders());
      var fates = bodies(specimen.port(), tokens, count / 2);
      both.addAll(fates.senders());
      grid.note("Both, the bodies: " + among(others, new SenderGroup(both, fates.fates())));
      Thread.sleep(3_000);
      others.look(bed.length().seconds(10));
      others.tell(grid);
    }
    return grid;
  }

  private record SenderGroup(List<SlowSender> senders, CutConnections fates) {}

  /** Long enough for the limits to show: 20 s for headers, 9 s for a body. */
  private String among(BackgroundLoad others, SenderGroup slow) throws IOException, InterruptedException {
    try (var _ = new ClientScheduler(slow.senders(), Duration.ofSeconds(1))) {
      Thread.sleep(bed.length().seconds(3));
      others.look(bed.length().seconds(25));
    }
    Thread.sleep(2_000);
    return slow.fates().told();
  }

  private static SenderGroup headers(int port, List<String> tokens, int count) throws IOException {
    return senders(port, tokens, count, 1);
  }

  private static SenderGroup bodies(int port, List<String> tokens, int count) throws IOException {
    return senders(port, tokens, count, Integer.MAX_VALUE);
  }

  private static SenderGroup senders(int port, List<String> tokens, int count, int quick)
      throws IOException {
    var fates = new CutConnections();
    var senders = new ArrayList<SlowSender>();
    for (var n = 0; n < count; n++) {
      var head = head(tokens.get(n % tokens.size()));
      var message = (head + " ".repeat(BODY)).getBytes(US_ASCII);
      senders.add(new SlowSender(port, message, Math.min(quick, head.length()), fates));
    }
    return new SenderGroup(senders, fates);
  }

  private static String head(String token) {
    return """
    POST /orders HTTP/1.1\r
    Host: 127.0.0.1\r
    Content-Type: application/json\r
    Content-Length: %d\r
    Authorization: Bearer %s\r
    \r
    """
        .formatted(BODY, token);
  }
}
