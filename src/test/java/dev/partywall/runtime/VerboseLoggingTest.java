package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.partywall.PartywallProcess;
import dev.partywall.http.server.RawClient;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalOidcIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the log at low levels. The service gets its credentials like on EKS. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class VerboseLoggingTest {
  private static final String CANARY = "canary-6f1d0c";
  private static final String POD_TOKEN = "pod-token-77ab31";

  private final ServiceFixture fixture;
  private final HttpServer credentialServer;

  VerboseLoggingTest(LocalDynamo dynamo) throws IOException {
    fixture = new ServiceFixture(dynamo);
    credentialServer =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    credentialServer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    credentialServer.createContext("/", this::sendCredentials);
    credentialServer.start();
  }

  @AfterEach
  void close() {
    credentialServer.stop(0);
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"debug", "trace"})
  void logsNoTokensSecretsOrOrders(String level) throws Exception {
    var token =
        fixture
            .issuer
            .token("acme", "alice", "orders:read orders:write")
            .claim("tenant_tier", "standard") // its order can have a note
            .signedBy(fixture.issuer.key());
    var service = new PartywallProcess(environment(level));
    try (service) {
      sendRequests(service.awaitReady().port(), token);
    }
    assertEquals(List.of(), service.err());
    var lines = service.out();
    assertTrue(lines.stream().anyMatch(line -> line.contains("\"level\":\"DEBUG\"")));
    for (var secret : secrets(token)) {
      assertEquals(
          List.of(), lines.stream().filter(line -> line.contains(secret)).toList(), secret);
    }
  }

  private List<String> secrets(String token) {
    var service = fixture.aws.variables();
    return List.of(
        token,
        token.substring(token.lastIndexOf('.')),
        POD_TOKEN,
        CANARY,
        service.get("AWS_SECRET_ACCESS_KEY"),
        service.get("AWS_SESSION_TOKEN"),
        "Bearer ",
        "Authorization",
        "X-Amz-Security-Token",
        "SecretAccessKey");
  }

  private static void sendRequests(int port, String token) throws IOException {
    var order =
        "{\"currency\":\"EUR\",\"note\":\"%s\",\"items\":[{\"sku\":\"%1$s\",\"name\":\"%1$s\",\"quantity\":1,\"unitPrice\":1}]}"
            .formatted(CANARY);
    var key = "Idempotency-Key: " + CANARY + "\r\n";
    assertEquals(201, send(port, "POST /orders", token, key, order));
    assertEquals(201, send(port, "POST /orders", token, key, order));
    assertEquals(200, send(port, "GET /orders", token, "", ""));
    assertEquals(400, send(port, "POST /orders", token, "", "{\"" + CANARY + "\":"));
    assertEquals(422, send(port, "POST /orders", token, "", "{\"note\":\"" + CANARY + "\"}"));
    assertEquals(404, send(port, "GET /orders/" + token, token, "", ""));
    assertEquals(400, send(port, "GET /orders/" + token + "?token=" + token, token, "", ""));
    assertEquals(401, send(port, "GET /orders/" + token, token + "x", "", ""));
    assertEquals(401, send(port, "GET /orders", token.replace('.', '!'), "", ""));
    assertEquals(400, send(port, "GET /orders/../" + token, token, "", ""));
  }

  private static int send(int port, String requestLine, String token, String fields, String body)
      throws IOException {
    var message =
        requestLine
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + fields
            + ("Authorization: Bearer " + token + "\r\nContent-Length: " + body.length())
            + ("\r\n\r\n" + body);
    var status = 503;
    while (status == 503) { // retry while a busy machine rejects the request
      try (var client = new RawClient(port)) {
        status = client.send(message.getBytes(StandardCharsets.ISO_8859_1)).read().status();
      }
    }
    return status;
  }

  private Map<String, String> environment(String level) {
    var environment = new HashMap<>(fixture.environment());
    List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        .forEach(environment::remove);
    environment.put(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "http://127.0.0.1:" + credentialServer.getAddress().getPort() + "/credentials");
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", POD_TOKEN);
    environment.put("PARTYWALL_LOG_LEVEL", level);
    return environment;
  }

  private void sendCredentials(HttpExchange exchange) throws IOException {
    try (exchange) {
      LocalOidcIssuer.send(exchange, 200, "application/json", credentials());
    }
  }

  private String credentials() {
    var service = fixture.aws.variables();
    return """
    {"AccessKeyId":"%s","SecretAccessKey":"%s","Token":"%s","Expiration":"%s"}\
    """
        .formatted(
            service.get("AWS_ACCESS_KEY_ID"),
            service.get("AWS_SECRET_ACCESS_KEY"),
            service.get("AWS_SESSION_TOKEN"),
            Instant.now().plusSeconds(3_600));
  }
}
