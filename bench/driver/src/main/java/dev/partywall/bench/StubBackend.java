package dev.partywall.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The process of the stub that replaces DynamoDB, STS and the issuer. Its standard input is a pipe
 * that stays open: the stub exits when the pipe closes, even if the driver is killed.
 */
final class StubBackend implements AutoCloseable {
  private final Process process;
  private final String address;

  private StubBackend(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  static StubBackend start(BenchPaths places) throws IOException {
    var command =
        List.of(Jvm.executable(), "-XX:+UseSerialGC", "-Xmx512m", "-jar", places.stub().toString());
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return new StubBackend(process, lines.readLine());
  }

  /** Returns the base URL, which is the issuer name as well. */
  String address() {
    return address;
  }

  /** Returns tokens for {@code users} users of each of {@code tenants} tenants. */
  List<String> tokens(int tenants, int users) throws IOException, InterruptedException {
    return get("/tokens?tenants=" + tenants + "&users=" + users).lines().toList();
  }

  /**
   * Returns ES256 tokens of one user per tenant, for every {@code step}-th tenant from {@code
   * from}.
   */
  List<String> es256Tokens(int from, int tenants, int step)
      throws IOException, InterruptedException {
    var path = "/tokens?alg=ES256&from=%d&tenants=%d&step=%d".formatted(from, tenants, step);
    return get(path).lines().toList();
  }

  /**
   * Returns tokens of one user for each of {@code tenants} tenants, whose names are {@code prefix}
   * and a number. The prefix selects the tier ({@code standard-}; otherwise premium), or the
   * duration of queries ({@code slow20-}: 20 ms; {@code slow-}: 1.5 s).
   */
  List<String> tokens(String prefix, int from, int tenants)
      throws IOException, InterruptedException {
    return get("/tokens?prefix=%s&from=%d&tenants=%d".formatted(prefix, from, tenants))
        .lines()
        .toList();
  }

  /** Returns the token of an operator. */
  String operatorToken() throws IOException, InterruptedException {
    return get("/operators/token");
  }

  /** Returns a token that is valid except for the given parameters. */
  String token(String parameters) throws IOException, InterruptedException {
    return get("/token?" + parameters);
  }

  /** Returns the busy time that the product has metered for each tenant, in milliseconds. */
  Map<String, Double> busyMillis() throws IOException, InterruptedException {
    return get("/busy")
        .lines()
        .map(line -> line.split(" "))
        .collect(Collectors.toMap(parts -> parts[0], parts -> Double.valueOf(parts[1])));
  }

  long pid() {
    return process.pid();
  }

  /** Returns the expected response of every service. */
  String expectedOrders() throws IOException, InterruptedException {
    return get("/expected");
  }

  private String get(String path) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(address + path)).build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
