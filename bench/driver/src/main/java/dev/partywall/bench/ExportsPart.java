package dev.partywall.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;

/**
 * Measures nine quiet tenants, alone and during the export of another tenant, in alternating
 * rounds. The exports have a million orders together.
 */
final class ExportsPart implements ScalePart {
  private static final int ROUNDS = 4;
  private static final int ORDERS = 250_000;
  private static final Duration SLICE = Duration.ofSeconds(5);
  private static final Duration LEAD = Duration.ofSeconds(2);

  private final ScaleContext context;

  ExportsPart(ScaleContext context) {
    this.context = context;
  }

  /** The responses to the quiet tenants, and the processors that the service used. */
  private record Observation(ResponseStatistics quiet, double cores, double ordersPerSecond) {
    double percentile(double percent) {
      return quiet.successes().percentile(percent);
    }
  }

  @Override
  public String name() {
    return "exports";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var alone = new ArrayList<Observation>();
    var during = new ArrayList<Observation>();
    var requests = new RequestMessages(context.tokens());
    try (var product = context.startWarm(name(), requests, ProductProcess.CONSTANT_HEAP)) {
      var quiet = new QuietTenants(product, context.stub());
      export(product, context.length().count(ORDERS) / 10, 0); // compiles the export
      for (var round = 1; round <= ROUNDS; round++) {
        during.add(duringExport(product, quiet, round));
        alone.add(alone(product, quiet, during.getLast()));
        System.out.printf(
            "round %d: p99 alone %.2f ms, during an export %.2f ms%n",
            round, alone.getLast().percentile(99), during.getLast().percentile(99));
      }
    }
    return table(alone, during);
  }

  private Observation duringExport(ProductProcess product, QuietTenants quiet, int number)
      throws IOException, InterruptedException {
    var orders = context.length().count(ORDERS);
    var start = System.nanoTime();
    var export =
        CompletableFuture.supplyAsync(
            () -> export(product, orders, number), Thread::startVirtualThread);
    quiet.run(LEAD);
    var before = product.cpu();
    var measuredFrom = System.nanoTime();
    var responses = new ResponseStatistics();
    do {
      responses.add(quiet.run(SLICE));
    } while (!export.isDone());
    var cores = cores(product, before, measuredFrom);
    return new Observation(responses, cores, orders / ((export.join() - start) / 1e9));
  }

  /** Sends as many requests as during the export. */
  private static Observation alone(ProductProcess product, QuietTenants quiet, Observation other)
      throws IOException, InterruptedException {
    quiet.run(LEAD);
    var before = product.cpu();
    var start = System.nanoTime();
    var responses = new ResponseStatistics();
    while (responses.total() < other.quiet().total()) {
      responses.add(quiet.run(SLICE));
    }
    return new Observation(responses, cores(product, before, start), 0);
  }

  private static double cores(ProductProcess product, Duration before, long start) {
    return product.cpu().minus(before).toNanos() / (double) (System.nanoTime() - start);
  }

  /** Reads an export, and returns the time of its end. */
  private long export(ProductProcess product, int orders, int number) {
    var uri =
        URI.create(
            "http://127.0.0.1:%d/tenants/export%d-%d/export"
                .formatted(product.port(), orders, number));
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var request =
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + context.stub().operatorToken())
              .build();
      var response = client.send(request, BodyHandlers.ofInputStream());
      try (var lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        var last = "";
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          last = line;
        }
        if (!last.startsWith("{\"counts\":{\"order\":" + orders + "}")) {
          throw new IllegalStateException("the export is not complete: " + last);
        }
        return System.nanoTime();
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the export has failed", e);
    }
  }

  private static ScaleTable table(List<Observation> alone, List<Observation> during) {
    var table = new ScaleTable("Exports", List.of("alone", "during an export"));
    add(table, "quiet tenants' p50", "ms", alone, during, round -> round.percentile(50));
    add(table, "quiet tenants' p99", "ms", alone, during, round -> round.percentile(99));
    var ratios = new ArrayList<Double>();
    for (var round = 0; round < ROUNDS; round++) {
      ratios.add(during.get(round).percentile(99) / alone.get(round).percentile(99));
    }
    var ratio = Spread.of(ratios);
    table.add("p99 ÷ alone, median of the rounds", "", 1, ratio.median());
    table.add("… lowest round", "", 1, ratio.low());
    table.add("… highest round", "", 1, ratio.high());
    add(table, "processors in use by the service", "", alone, during, Observation::cores);
    add(table, "exported orders per second", "", alone, during, Observation::ordersPerSecond);
    add(
        table,
        "requests not answered with 200",
        "",
        alone,
        during,
        round -> round.quiet().total() - round.quiet().successes().count());
    table.note(
        "%d rounds. Nine tenants send 50 requests per second each; latency counts from the due time."
            .formatted(ROUNDS));
    table.note("Heap: " + String.join(" ", ProductProcess.CONSTANT_HEAP) + ".");
    return table;
  }

  private static void add(
      ScaleTable table,
      String label,
      String unit,
      List<Observation> alone,
      List<Observation> during,
      ToDoubleFunction<Observation> figure) {
    table.add(label, unit, median(alone, figure), median(during, figure));
  }

  private static double median(List<Observation> rounds, ToDoubleFunction<Observation> figure) {
    return Spread.of(rounds.stream().map(figure::applyAsDouble).toList()).median();
  }
}
