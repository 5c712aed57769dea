package dev.partywall.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures 5,000 clients that send one byte of their headers or body per second. */
final class SlowSendersPart implements ScalePart {
  private static final int SENDERS = 5_000;
  private static final int BODY_BYTES = 1_000;

  private final ScaleContext context;

  SlowSendersPart(ScaleContext context) {
    this.context = context;
  }

  @Override
  public String name() {
    return "slow";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var tokens = context.tokens();
    var count = context.length().count(SENDERS);
    var table =
        new ScaleTable(
            "%,d slow senders".formatted(count),
            List.of("without", "slow headers", "slow bodies", "both", "after"));
    var requests = new RequestMessages(tokens);
    try (var product = context.startWarm(name(), requests)) {
      var background = new BackgroundLoad(product, requests);
      background.measure(context.length().seconds(10));
      table.note(
          "Slow headers: " + measureWith(background, headers(product.port(), tokens, count)));
      table.note("Slow bodies: " + measureWith(background, bodies(product.port(), tokens, count)));
      var both = new ArrayList<>(headers(product.port(), tokens, count / 2).senders());
      var slowBodies = bodies(product.port(), tokens, count / 2);
      both.addAll(slowBodies.senders());
      table.note(
          "Both, the bodies: "
              + measureWith(background, new SenderGroup(both, slowBodies.cutConnections())));
      Thread.sleep(3_000);
      background.measure(context.length().seconds(10));
      background.addTo(table);
    }
    return table;
  }

  private record SenderGroup(List<SlowSender> senders, CutConnections cutConnections) {}

  /** Runs longer than the limits: 20 s for headers, 9 s for a body. */
  private String measureWith(BackgroundLoad background, SenderGroup slow)
      throws IOException, InterruptedException {
    try (var _ = new ClientScheduler(slow.senders(), Duration.ofSeconds(1))) {
      Thread.sleep(context.length().seconds(3));
      background.measure(context.length().seconds(25));
    }
    Thread.sleep(2_000);
    return slow.cutConnections().summary();
  }

  private static SenderGroup headers(int port, List<String> tokens, int count) throws IOException {
    return senders(port, tokens, count, 1);
  }

  private static SenderGroup bodies(int port, List<String> tokens, int count) throws IOException {
    return senders(port, tokens, count, Integer.MAX_VALUE);
  }

  private static SenderGroup senders(int port, List<String> tokens, int count, int immediateBytes)
      throws IOException {
    var cutConnections = new CutConnections();
    var senders = new ArrayList<SlowSender>();
    for (var n = 0; n < count; n++) {
      var head = head(tokens.get(n % tokens.size()));
      var message = (head + " ".repeat(BODY_BYTES)).getBytes(US_ASCII);
      senders.add(
          new SlowSender(port, message, Math.min(immediateBytes, head.length()), cutConnections));
    }
    return new SenderGroup(senders, cutConnections);
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
        .formatted(BODY_BYTES, token);
  }
}
