package dev.partywall.local;

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
import java.util.TreeMap;

/**
 * Makes the service's AOT cache (JEP 514): lets the jar that ships serve real requests, so that the
 * JVM notes what it loads, links and runs, and ends it as an orchestrator would. The cache belongs
 * to this very jar, where it lies, and to this very JVM.
 */
public final class Training {
  private static final int ROUNDS = 300;
  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":2,"unitPrice":990}]}\
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final LocalPorts ports;
  private final String token;

  private Training(LocalPorts ports, String token) {
    this.ports = ports;
    this.token = token;
  }

  /** {@code Training JAVA JAR CACHE}: the JVM and the jar that are to run, and the file to make. */
  public static void main(String[] args) throws Exception {
    var cache = Path.of(args[2]);
    Files.deleteIfExists(cache);
    var folder = Files.createTempDirectory("training");
    var ports = new LocalPorts(0, 0, 0, 0).settled();
    try (var surroundings = LocalSurroundings.open(Map.of(), ports, folder)) {
      var variables = new TreeMap<>(surroundings.variables());
      variables.put("PARTYWALL_PORT", Integer.toString(ports.service()));
      variables.put("PARTYWALL_MANAGEMENT_PORT", Integer.toString(ports.management()));
      variables.put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
      var scopes = "orders:read orders:write usage:read";
      var token = surroundings.issuer().token("acme", "alice", scopes);
      var command = List.of(args[0], "-XX:AOTCacheOutput=" + cache, "-jar", args[1]);
      try (var service = new ServiceProcess(command, variables, ports.management())) {
        if (!service.awaitReady()) {
          throw new IOException("the service ended before it was ready");
        }
        new Training(ports, token.signedBy(surroundings.issuer().key())).serve();
      }
    }
    if (!Files.exists(cache)) {
      throw new IOException("no cache was made: " + cache);
    }
    System.exit(0);
  }

  private void serve() throws IOException, InterruptedException {
    for (var round = 0; round < ROUNDS; round++) {
      for (var lesson : lessons(round)) {
        var answer = http.send(lesson.request, BodyHandlers.discarding());
        if (answer.statusCode() != lesson.status) {
          throw new IOException(answer.statusCode() + " to " + answer.request());
        }
      }
    }
  }

  /** What is asked, and what has to come of it: a cache of refusals would be worth nothing. */
  private record Lesson(HttpRequest request, int status) {}

  private List<Lesson> lessons(int round) {
    var place =
        api("/orders")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "\"training-" + round + "\"")
            .POST(BodyPublishers.ofString(ORDER))
            .build();
    return List.of(
        new Lesson(api("/orders?limit=20").build(), 200),
        new Lesson(api("/orders?status=paid&user=me").build(), 200),
        new Lesson(api("/orders/01JDEZ8Q4V0000000000000000").build(), 404),
        new Lesson(place, 201),
        new Lesson(api("/usage").build(), 200),
        new Lesson(HttpRequest.newBuilder(at(ports.service(), "/orders")).build(), 401),
        new Lesson(HttpRequest.newBuilder(at(ports.management(), "/health/ready")).build(), 200),
        new Lesson(HttpRequest.newBuilder(at(ports.management(), "/metrics")).build(), 200));
  }

  private HttpRequest.Builder api(String path) {
    return HttpRequest.newBuilder(at(ports.service(), path))
        .header("Authorization", "Bearer " + token);
  }

  private static URI at(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
