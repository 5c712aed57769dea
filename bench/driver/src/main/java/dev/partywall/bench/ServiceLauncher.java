package dev.partywall.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts services in the same environment.
 *
 * @param storage storage format of the peers' orders
 * @param workDirectory directory of the logs
 * @param prefix of the command line; empty if the service can run on any processor
 */
record ServiceLauncher(StubBackend stub, String storage, Path workDirectory, List<String> prefix) {
  ServiceLauncher(StubBackend stub, String storage, Path workDirectory) {
    this(stub, storage, workDirectory, List.of());
  }

  /** Starts a service as deployed without an AOT cache. */
  RunningService start(BenchService service) throws IOException {
    return start(service, List.of(), service.command());
  }

  /** Starts a service with JVM flags, in the layout for the AOT cache. */
  RunningService startForCache(BenchService service, List<String> flags) throws IOException {
    return start(service, flags, service.cachedCommand());
  }

  /** Starts a service with additional JVM flags. */
  RunningService start(BenchService service, List<String> flags) throws IOException {
    return start(service, flags, service.command());
  }

  private RunningService start(BenchService service, List<String> flags, List<String> command)
      throws IOException {
    var port = freePort();
    var log = workDirectory.resolve(service.name() + ".log");
    var commandLine = new ArrayList<>(prefix);
    commandLine.add(Jvm.executable());
    commandLine.addAll(Jvm.FLAGS);
    commandLine.addAll(flags);
    commandLine.addAll(command);
    var builder =
        new ProcessBuilder(commandLine).redirectErrorStream(true).redirectOutput(log.toFile());
    var variables = builder.environment();
    variables.keySet().removeIf(name -> name.matches("(JAVA|JDK|AWS|PARTYWALL)_.*"));
    variables.putAll(environment(port));
    variables.put("PARTYWALL_TIERS", tiersFile());
    variables.put("PARTYWALL_OPERATOR_ISSUERS", stub.address() + "/operators");
    variables.putAll(service.variables());
    var startedAt = System.nanoTime();
    return new RunningService(builder.start(), port, log, startedAt);
  }

  private Map<String, String> environment(int port) {
    return Map.of(
        "PORT", Integer.toString(port),
        "ISSUER", stub.address(),
        "ORDERS_AS", storage,
        "PARTYWALL_PORT", Integer.toString(port),
        "PARTYWALL_ISSUERS", stub.address(),
        "AWS_REGION", "eu-central-1",
        "AWS_ACCESS_KEY_ID", "AKIABENCH",
        "AWS_SECRET_ACCESS_KEY", "bench",
        "AWS_ENDPOINT_URL_DYNAMODB", stub.address(),
        "AWS_ENDPOINT_URL_STS", stub.address());
  }

  /**
   * Writes the tiers of the product. {@code standard} is the built-in one. {@code premium} has
   * every limit, as in production, but so high that one tenant can send the load of all.
   */
  private String tiersFile() throws IOException {
    var tiers =
        """
        {"free":{"weight":1,"requestsPerSecond":10,"burst":20,"inFlight":5,"monthlyRequests":100000},
        "standard":{"weight":4,"requestsPerSecond":100,"burst":200,"inFlight":50,
        "monthlyRequests":10000000},
        "premium":{"weight":16,"requestsPerSecond":1000000,"burst":1000000,"inFlight":100000,
        "monthlyRequests":1000000000}}
        """;
    return Files.writeString(workDirectory.resolve("tiers.json"), tiers).toString();
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
