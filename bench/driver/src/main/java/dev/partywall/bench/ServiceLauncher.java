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
    // The stub has no registry of tenants, and the load exceeds the built-in limits.
    variables.put("PARTYWALL_UNKNOWN_TENANTS", "allow");
    variables.put("PARTYWALL_TIERS", unlimitedTiers());
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

  private String unlimitedTiers() throws IOException {
    var file = workDirectory.resolve("tiers.json");
    return Files.writeString(file, "{\"free\":{},\"standard\":{},\"premium\":{}}").toString();
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
