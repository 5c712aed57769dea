package dev.partywall.orders.local;

import dev.partywall.local.LocalDependencies;
import dev.partywall.local.LocalPorts;
import dev.partywall.local.ParentProcess;
import dev.partywall.local.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Creates the service's AOT cache (JEP 514). The released jar serves real requests while the JVM
 * records the classes and methods that it loads, links and runs. The service is then stopped as by
 * an orchestrator. The cache is valid only for this jar at this path and for this JVM.
 */
public final class AotTraining {
  private static final int ROUNDS = 300;
  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":2,"unitPrice":990}]}\
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final LocalPorts ports;
  private final String token;

  private AotTraining(LocalPorts ports, String token) {
    this.ports = ports;
    this.token = token;
  }

  /**
   * Creates the cache.
   *
   * @param args the JVM and the jar to run, the cache file to create, and optionally {@code
   *     stop-with-parent}
   */
  public static void main(String[] args) throws Exception {
    ParentProcess.exitAfterIt(args);
    var cache = Path.of(args[2]);
    Files.deleteIfExists(cache);
    var folder = Files.createTempDirectory("training");
    var ports = LocalPorts.free();
    try (var dependencies =
        LocalDependencies.open(LocalOrders.NAME, new LocalOrders(), Map.of(), ports, folder)) {
      var scopes = "orders:read orders:write usage:read";
      var token = dependencies.issuer().token("acme", "alice", scopes);
      var builder =
          new ProcessBuilder(args[0], "-XX:AOTCacheOutput=" + cache, "-jar", args[1]).inheritIO();
      builder.environment().putAll(dependencies.variables());
      builder.environment().putAll(ports.variables());
      builder.environment().put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
      try (var service = new ServiceProcess(builder, ports.management())) {
        if (!service.awaitReady()) {
          throw new IOException("The service ended before it was ready");
        }
        new AotTraining(ports, token.signedBy(dependencies.issuer().key())).serve();
      }
    }
    if (!Files.exists(cache)) {
      throw new IOException("No cache was created: " + cache);
    }
    System.exit(0);
  }

  private void serve() throws IOException, InterruptedException {
    for (var round = 0; round < ROUNDS; round++) {
      for (var exercise : exercises(round)) {
        var response = http.send(exercise.request, BodyHandlers.discarding());
        if (response.statusCode() != exercise.status) {
          throw new IOException(
              "Unexpected status " + response.statusCode() + " for " + response.request());
        }
      }
    }
  }

  /**
   * A request and the expected status. Training on unexpected rejections would produce a useless
   * cache.
   */
  private record Exercise(HttpRequest request, int status) {}

  private List<Exercise> exercises(int round) {
    var place =
        api("/orders")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "\"training-" + round + "\"")
            .POST(BodyPublishers.ofString(ORDER))
            .build();
    return List.of(
        new Exercise(api("/orders?limit=20").build(), 200),
        new Exercise(api("/orders?status=paid&user=me").build(), 200),
        new Exercise(api("/orders/01JDEZ8Q4V0000000000000000").build(), 404),
        new Exercise(place, 201),
        new Exercise(api("/usage").build(), 200),
        new Exercise(HttpRequest.newBuilder(uri(ports.service(), "/orders")).build(), 401),
        new Exercise(HttpRequest.newBuilder(uri(ports.management(), "/health/ready")).build(), 200),
        new Exercise(HttpRequest.newBuilder(uri(ports.management(), "/metrics")).build(), 200));
  }

  private HttpRequest.Builder api(String path) {
    return HttpRequest.newBuilder(uri(ports.service(), path))
        .header("Authorization", "Bearer " + token);
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
