package dev.partywall.orders.local;

import dev.partywall.local.LocalDependencies;
import dev.partywall.local.LocalPorts;
import dev.partywall.local.ParentProcess;
import dev.partywall.local.ReadinessCheck;
import dev.partywall.orders.local.ContainerTool.ImageConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds the image and runs it against the local stack. Checks that the service runs as a user
 * other than root and with the AOT cache, that the command of the HEALTHCHECK succeeds, that an
 * order can be placed, and that the container drains.
 */
public final class ImageRun {
  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":2,"unitPrice":990}]}\
      """;

  /** Makes the JVM end if it does not accept the cache; otherwise it would start without it. */
  private static final String REQUIRE_CACHE = "-XX:AOTMode=on";

  /** The longest start, and the longest end after SIGTERM. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final ContainerTool tool;
  private final LocalPorts ports;
  private final Map<String, String> environment;
  private final String token;

  private ImageRun(
      ContainerTool tool, LocalPorts ports, Map<String, String> environment, String token) {
    this.tool = tool;
    this.ports = ports;
    this.environment = environment;
    this.token = token;
  }

  /**
   * Builds and runs the image, and prints a line for each check.
   *
   * @param args the project folder, further options of the build separated by spaces, and
   *     optionally {@code stop-with-parent}
   */
  public static void main(String[] args) throws Exception {
    ParentProcess.exitAfterIt(args);
    System.setProperty("org.slf4j.simpleLogger.log.dev.partywall", "warn");
    System.setProperty("org.slf4j.simpleLogger.log.org.eclipse.jetty", "warn");
    var tool = ContainerTool.installed();
    tool.build(
        Path.of(args[0]), args[1].isBlank() ? List.of() : List.of(args[1].strip().split(" +")));
    var ports = LocalPorts.free();
    var folder = Files.createTempDirectory("image");
    try (var dependencies =
        LocalDependencies.open(LocalOrders.NAME, new LocalOrders(), Map.of(), ports, folder)) {
      var environment = new TreeMap<>(dependencies.variables());
      environment.remove("PARTYWALL_RECEIPT_KEY"); // the container does not see the file
      environment.putAll(ports.variables());
      environment.put("JAVA_TOOL_OPTIONS", REQUIRE_CACHE);
      var token =
          dependencies
              .issuer()
              .token("acme", "alice", "orders:write")
              .signedBy(dependencies.issuer().key());
      new ImageRun(tool, ports, environment, token).check(tool.config());
    }
    System.exit(0);
  }

  private void check(ImageConfig config) throws IOException, InterruptedException {
    expect("user", "65532:65532", config.user());
    expect(
        "management host",
        "PARTYWALL_MANAGEMENT_HOST=0.0.0.0",
        config.environment().stream()
            .filter(variable -> variable.startsWith("PARTYWALL_"))
            .findFirst()
            .orElse("none"));
    var log = Files.createTempFile("image", ".log");
    var running =
        new ProcessBuilder(tool.run(config, environment))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    // The container must not outlive a run that is stopped.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> tool.terminate(running)));
    try {
      awaitReady(running, log);
      System.out.println("AOT cache: accepted (" + REQUIRE_CACHE + ")");
      checkUser(running);
      var health = tool.execute(config.healthCommand(), environment);
      expect("exit code of HEALTHCHECK", 0, status(health));
      expect("status of POST /orders", 201, placeOrder());
    } finally {
      tool.terminate(running);
    }
    if (!running.waitFor(TIMEOUT)) {
      running.destroyForcibly();
      throw new IOException("The container did not drain: " + Files.readString(log));
    }
    expect("exit code after SIGTERM", 0, running.exitValue());
    expect("drained", true, Files.readString(log).contains("\"message\":\"Drained\""));
  }

  private void awaitReady(Process running, Path log) throws IOException, InterruptedException {
    var readiness = ReadinessCheck.at(ports.management());
    var start = System.nanoTime();
    while (!readiness.isReady()) {
      if (!running.isAlive()) {
        throw new IOException("The container ended: " + Files.readString(log));
      }
      if (System.nanoTime() - start > TIMEOUT.toNanos()) {
        throw new IOException("The container is not ready: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
  }

  private void checkUser(Process running) throws IOException {
    var process = tool.service(running);
    if (process.isPresent()) {
      var status = Files.readString(Path.of("/proc/" + process.get().pid() + "/status"));
      var uids = status.lines().filter(line -> line.startsWith("Uid:")).findFirst().orElse("");
      expect("user ids of the process", "Uid:\t65532\t65532\t65532\t65532", uids);
    }
  }

  private static int status(List<String> command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private int placeOrder() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.service() + "/orders"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(ORDER))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request, BodyHandlers.discarding()).statusCode();
    }
  }

  private static void expect(String name, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new IllegalStateException(name + ": expected " + expected + ", but it is " + actual);
    }
    System.out.println(name + ": " + actual);
  }
}
