package dev.partywall.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** A Keycloak on the loopback interface, with the realm in {@code keycloak-realm.json}. */
final class LocalKeycloak implements AutoCloseable {
  private static final String ADMIN = "admin";
  private static final String ADMIN_PASSWORD = "admin-password";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final Process process;

  /**
   * Starts the Keycloak in a folder, and waits until it serves the realm.
   *
   * @param home the folder of the distribution
   */
  LocalKeycloak(Path home) throws IOException, InterruptedException {
    var port = freePort();
    url = "http://127.0.0.1:" + port;
    var imports = Files.createDirectories(home.resolve("data").resolve("import"));
    try (var realm = LocalKeycloak.class.getResourceAsStream("keycloak-realm.json")) {
      Files.write(imports.resolve("realm.json"), realm.readAllBytes());
    }
    process = start(home, port);
    try {
      while (!isReady()) {
        if (process.waitFor(Duration.ofMillis(200))) {
          throw new IllegalStateException("Keycloak has ended: see " + log(home));
        }
      }
    } catch (InterruptedException | RuntimeException e) { // such as the timeout of the test
      close();
      throw e;
    }
  }

  private Process start(Path home, int port) throws IOException {
    var command =
        new ProcessBuilder(
            "sh",
            home.resolve("bin").resolve("kc.sh").toString(),
            "start-dev",
            "--db=dev-mem",
            "--http-host=127.0.0.1",
            "--http-port=" + port,
            "--hostname=" + url,
            "--import-realm");
    command.environment().put("JAVA_HOME", System.getProperty("java.home"));
    command.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
    command.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN_PASSWORD);
    return command.redirectErrorStream(true).redirectOutput(log(home).toFile()).start();
  }

  private static Path log(Path home) {
    return home.resolve("output.log");
  }

  private boolean isReady() throws InterruptedException {
    var discovery = URI.create(issuer() + "/.well-known/openid-configuration");
    try {
      var request = HttpRequest.newBuilder(discovery).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  String issuer() {
    return url + "/realms/partywall";
  }

  /** Returns the access token for a grant. */
  String token(Map<String, String> form) throws IOException, InterruptedException {
    return token(issuer(), form);
  }

  private String token(String realm, Map<String, String> form)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(realm + "/protocol/openid-connect/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(form)))
            .build();
    return json(request, 200).required("access_token").textValue();
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(field ->
            field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** Adds a signing key of higher priority, which signs all further tokens. */
  void rotate() throws IOException, InterruptedException {
    var admin =
        token(
            url + "/realms/master",
            Map.of(
                "grant_type",
                "password",
                "client_id",
                "admin-cli",
                "username",
                ADMIN,
                "password",
                ADMIN_PASSWORD));
    var key =
        """
        {"name":"rotated","providerId":"rsa-generated","providerType":"org.keycloak.keys.KeyProvider",
         "config":{"priority":["200"],"enabled":["true"],"active":["true"],"algorithm":["RS256"],
         "keySize":["2048"]}}\
        """;
    var request =
        HttpRequest.newBuilder(URI.create(url + "/admin/realms/partywall/components"))
            .header("Authorization", "Bearer " + admin)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(key))
            .build();
    json(request, 201);
  }

  private JsonNode json(HttpRequest request, int status) throws IOException, InterruptedException {
    var response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != status) {
      throw new IllegalStateException(
          request.uri() + ": " + response.statusCode() + " " + response.body());
    }
    return Json.parseStored(response.body().isEmpty() ? "{}" : response.body());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    http.close();
  }
}
