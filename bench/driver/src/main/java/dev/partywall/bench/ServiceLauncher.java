package dev.partywall.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts services, all of them in the same surroundings.
 *
 * @param storage how the peers' orders are stored
 * @param work where logs go
 * @param prefix of the command line; empty where the service may run on any processor
 */
record ServiceLauncher(StubBackend stub, String storage, Path work, List<String> prefix) {
  ServiceLauncher(StubBackend stub, String storage, Path work) {
    this(stub, storage, work, List.of());
  }

  /** As it is deployed without a cache. */
  RunningService start(BenchService service) throws IOException {
    return start(service, List.of(), service.command());
  }

  /** With these flags of the JVM, in the layout that its AOT cache wants. */
  RunningService startForCache(BenchService service, List<String> flags) throws IOException {
    return start(service, flags, service.cachedCommand());
  }

  /** With these flags of the JVM besides. */
  RunningService start(BenchService service, List<String> flags) throws IOException {
    return start(service, flags, service.command());
  }

  private RunningService start(BenchService service, List<String> flags, List<String> command)
      throws IOException {
    var port = freePort();
    var log = work.resolve(service.name() + ".log");
    var whole = new ArrayList<>(prefix);
    whole.add(Jvm.executable());
    whole.addAll(Jvm.FLAGS);
    whole.addAll(flags);
    whole.addAll(command);
    var builder = new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(log.toFile());
    var variables = builder.environment();
    variables.keySet().removeIf(name -> name.matches("(JAVA|JDK|AWS|PARTYWALL)_.*"));
    variables.putAll(surroundings(port));
    variables.putAll(service.variables());
    var now = System.nanoTime();
    return new RunningService(builder.start(), port, log, now);
  }

  private Map<String, String> surroundings(int port) {
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

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
