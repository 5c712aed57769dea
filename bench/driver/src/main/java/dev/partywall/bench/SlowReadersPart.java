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

/** Some hundreds who read long answers at 64 KB a second, and ask again. */
final class SlowReadersPart implements ScalePart {
  private static final int READERS = 500;
  private static final int BYTES_A_SECOND = 65_536;
  private static final int TURNS_A_SECOND = 10;

  private final ScaleContext bed;

  SlowReadersPart(ScaleContext bed) {
    this.bed = bed;
  }

  @Override
  public String name() {
    return "readers";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var tokens = bed.tokens();
    var count = bed.length().count(READERS);
    var grid =
        new ScaleTable("%,d readers at 64 KB/s".formatted(count), List.of("without", "with", "after"));
    var requests = new RequestMessages(tokens);
    try (var specimen = bed.warm(name(), requests)) {
      var others = new BackgroundLoad(specimen, requests);
      others.look(bed.length().seconds(15));
      grid.note(among(specimen, others, tokens, count));
      Thread.sleep(2_000);
      others.look(bed.length().seconds(10));
      others.tell(grid);
    }
    return grid;
  }

  private String among(ProductProcess specimen, BackgroundLoad others, List<String> tokens, int count)
      throws IOException, InterruptedException {
    var length = length(specimen.port(), tokens.getFirst());
    var requests = new RequestMessages(tokens, "/orders?limit=100");
    var counts = new SlowReader.ReaderCounts(new LongAdder(), new LongAdder());
    var pace = BYTES_A_SECOND / TURNS_A_SECOND;
    var readers = new ArrayList<SlowReader>();
    for (var n = 0; n < count; n++) {
      readers.add(new SlowReader(specimen.port(), requests.of(n), length, pace, counts));
    }
    var start = System.nanoTime();
    try (var _ = new ClientScheduler(readers, Duration.ofMillis(1_000 / TURNS_A_SECOND))) {
      others.look(bed.length().seconds(15));
    }
    var seconds = (System.nanoTime() - start) / 1e9;
    return "Each answer had %,d bytes; the readers got %,.0f a second, and %d broke."
        .formatted(length, counts.whole().sum() / seconds, counts.broken().sum());
  }

  /** Of such an answer, its head included: no field of it varies in length. */
  private static int length(int port, String token) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + port + "/orders?limit=100");
    var request = HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var answer = client.send(request, BodyHandlers.ofByteArray());
      var head = "HTTP/1.1 200 OK\r\n".length() + 2;
      for (var field : answer.headers().map().entrySet()) {
        for (var value : field.getValue()) {
          head += field.getKey().length() + ": ".length() + value.length() + 2;
        }
      }
      return head + answer.body().length;
    }
  }
}
