package dev.partywall.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Measures a quiet tenant of the running local stack ({@code ./mvnw -Plocal}), alone and beside a
 * tenant that sends over 200 connections as fast as it can. DynamoDB Local is the bottleneck there.
 */
final class LocalStackPart implements ScalePart {
  static final String NAME = "local";

  private static final int PORT = 8080;
  private static final String TOKEN =
      "http://127.0.0.1:9000/token?tenant=%s&user=bench&scope=orders:read";
  private static final int ROUNDS = 5;
  private static final int QUIET_RATE = 50;
  private static final int QUIET_CONNECTIONS = 16;
  private static final int FLOOD_CONNECTIONS = 200;

  private final RunLength length;

  LocalStackPart(RunLength length) {
    this.length = length;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var quiet =
        new OpenLoopLoad(
            PORT, QUIET_CONNECTIONS, requests("globex"), OpenLoopLoad.LatencyStart.DUE);
    var flood = new ClosedLoopLoad(PORT, FLOOD_CONNECTIONS, requests("acme"), false);
    var alone = new ArrayList<Double>();
    var beside = new ArrayList<Double>();
    var ratios = new ArrayList<Double>();
    var notServed = 0;
    flood.runSaturated(length.seconds(20)); // compiles the code of both processes
    for (var round = 0; round < ROUNDS; round++) {
      alone.add(quiet.run(length.seconds(20), QUIET_RATE).successes().percentile(99));
      var responses = beside(quiet, flood);
      beside.add(responses.successes().percentile(99));
      notServed += responses.total() - responses.successes().count() + responses.unsent();
      ratios.add(beside.getLast() / alone.getLast());
    }
    return table(Spread.of(alone), Spread.of(beside), Spread.of(ratios), notServed);
  }

  private static RequestMessages requests(String tenant) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(TOKEN.formatted(tenant))).build();
      return new RequestMessages(List.of(client.send(request, BodyHandlers.ofString()).body()));
    }
  }

  private ResponseStatistics beside(OpenLoopLoad quiet, ClosedLoopLoad flood)
      throws IOException, InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var flooding = threads.submit(() -> flood.runSaturated(length.seconds(20 + 2)));
      quiet.run(length.seconds(2), QUIET_RATE);
      var responses = quiet.run(length.seconds(18), QUIET_RATE);
      flooding.get();
      return responses;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the flood failed", e.getCause());
    }
  }

  private static ScaleTable table(Spread alone, Spread beside, Spread ratio, int notServed) {
    var table = new ScaleTable("Local stack", List.of("median", "lowest", "highest"));
    table.add("p99 of globex, alone", "ms", alone);
    table.add("p99 of globex, beside acme with 200 connections", "ms", beside);
    table.add("… ÷ alone (goal ≤ 1.5)", "", ratio);
    table.add("requests of globex that were not answered with 200", "", notServed);
    table.note(
        "%d rounds in alternation; globex sends %d requests per second."
            .formatted(ROUNDS, QUIET_RATE));
    return table;
  }
}
