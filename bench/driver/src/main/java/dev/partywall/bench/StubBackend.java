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

/**
 * DynamoDB's, STS's and the issuer's stand-in, for as long as a run takes. Its standard input is a
 * pipe that is left open: the stub ends with it, and so also with a driver that is killed.
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
        List.of(
            Jvm.executable(), "-XX:+UseSerialGC", "-Xmx512m", "-jar", places.stub().toString());
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return new StubBackend(process, lines.readLine());
  }

  /** Also the issuer's name. */
  String address() {
    return address;
  }

  /** Tokens of that many users of that many tenants. */
  List<String> tokens(int tenants, int users) throws IOException, InterruptedException {
    return get("/tokens?tenants=" + tenants + "&users=" + users).lines().toList();
  }

  /** Tokens of a user of each of so many tenants, signed ES256: of that one and each so-manieth. */
  List<String> quickTokens(int from, int tenants, int step)
      throws IOException, InterruptedException {
    var path = "/tokens?alg=ES256&from=%d&tenants=%d&step=%d".formatted(from, tenants, step);
    return get(path).lines().toList();
  }

  /** Tokens of a user of each of so many tenants whose queries take their time. */
  List<String> slowTokens(int tenants) throws IOException, InterruptedException {
    return get("/tokens?prefix=slow-&tenants=" + tenants).lines().toList();
  }

  /** One that holds but for what the parameters say of it. */
  String token(String parameters) throws IOException, InterruptedException {
    return get("/token?" + parameters);
  }

  long pid() {
    return process.pid();
  }

  /** What every service is to answer. */
  String expected() throws IOException, InterruptedException {
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
