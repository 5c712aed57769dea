package dev.partywall.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Measures 500 clients that read large responses at 64 KB per second. */
final class SlowReadersPart implements ScalePart {
  private static final int READERS = 500;
  private static final int BYTES_PER_SECOND = 65_536;
  private static final int STEPS_PER_SECOND = 10;

  private final ScaleContext context;

  SlowReadersPart(ScaleContext context) {
    this.context = context;
  }

  @Override
  public String name() {
    return "readers";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var tokens = context.tokens();
    var count = context.length().count(READERS);
    var table =
        new ScaleTable(
            "%,d readers at 64 KB/s".formatted(count), List.of("without", "with", "after"));
    var requests = new RequestMessages(tokens);
    try (var product = context.startWarm(name(), requests)) {
      var background = new BackgroundLoad(product, requests);
      background.measure(context.length().seconds(15));
      table.note(measureWith(product, background, tokens, count));
      Thread.sleep(2_000);
      background.measure(context.length().seconds(10));
      background.addTo(table);
    }
    return table;
  }

  private String measureWith(
      ProductProcess product, BackgroundLoad background, List<String> tokens, int count)
      throws IOException, InterruptedException {
    var length = responseLength(product.port(), tokens.getFirst());
    var requests = new RequestMessages(tokens, "/orders?limit=100");
    var counts = new SlowReader.ReaderCounts(new LongAdder(), new LongAdder());
    var bytesPerStep = BYTES_PER_SECOND / STEPS_PER_SECOND;
    var readers = new ArrayList<SlowReader>();
    for (var n = 0; n < count; n++) {
      readers.add(new SlowReader(product.port(), requests.of(n), length, bytesPerStep, counts));
    }
    var start = System.nanoTime();
    try (var _ = new ClientScheduler(readers, Duration.ofMillis(1_000 / STEPS_PER_SECOND))) {
      background.measure(context.length().seconds(15));
    }
    var seconds = (System.nanoTime() - start) / 1e9;
    return "Each response had %,d bytes. The readers completed %,.0f responses per second; %d connections broke."
        .formatted(
            length, counts.completeResponses().sum() / seconds, counts.brokenConnections().sum());
  }

  /** Returns the length of a response, including the head. No header field varies in length. */
  private static int responseLength(int port, String token)
      throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + port + "/orders?limit=100");
    var request = HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var response = client.send(request, BodyHandlers.ofByteArray());
      var length = "HTTP/1.1 200 OK\r\n".length() + 2;
      for (var field : response.headers().map().entrySet()) {
        for (var value : field.getValue()) {
          length += field.getKey().length() + ": ".length() + value.length() + 2;
        }
      }
      return length + response.body().length;
    }
  }
}
