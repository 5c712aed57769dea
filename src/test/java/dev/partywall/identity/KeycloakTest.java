package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.Health;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.runtime.Service;
import dev.partywall.runtime.ServiceFixture;
import dev.partywall.runtime.Settings;
import dev.partywall.service.Capability;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** Verifies the tokens of a real Keycloak with the complete service: {@code -Pkeycloak}. */
@EnabledIfSystemProperty(named = "keycloak.home", matches = ".+")
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class KeycloakTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final ServiceFixture fixture;
  private LocalKeycloak keycloak;
  private Service service;

  KeycloakTest(LocalDynamo dynamo) throws Exception {
    fixture = new ServiceFixture(dynamo);
  }

  @BeforeAll
  @Timeout(300)
  void start() throws Exception {
    keycloak = new LocalKeycloak(Path.of(System.getProperty("keycloak.home")));
    var environment = new HashMap<>(fixture.environment());
    environment.put("PARTYWALL_ISSUERS", keycloak.issuer());
    environment.put("PARTYWALL_AUDIENCE", "orders-api");
    var capabilities = List.<Capability>of(OrderRoutes::of);
    service =
        ServiceFixture.start(
            Settings.from(environment, ServiceFixture.declare(capabilities)),
            capabilities,
            InstantSource.system());
    while (Health.check("127.0.0.1", service.managementPort()) != 0) {
      Thread.sleep(20);
    }
  }

  /** Closes the parts that exist: the start can fail after each of them. */
  @AfterAll
  void close() throws Exception {
    try (var _ = http;
        var _ = keycloak;
        var _ = fixture) {
      if (service != null) {
        service.drain();
      }
    }
  }

  @Test
  void aUserReadsAndWritesAsTheTenantOfItsAttribute() throws Exception {
    var token = passwordToken("web-shop", "alice", "orders:write");
    System.out.println(claims(token).toPrettyString()); // the example in docs/identity-providers.md
    assertEquals(200, send("GET", "/orders", token).statusCode());
    assertEquals(201, send("POST", "/orders", token).statusCode());
    var tenant = Json.parseStored(send("GET", "/tenant", token).body());
    assertEquals("acme", tenant.get("id").textValue());
    assertEquals("premium", tenant.get("tier").textValue());
  }

  @Test
  void aTokenWithoutARequestedScopeCannotWrite() throws Exception {
    var token = passwordToken("web-shop", "alice", "");
    assertEquals(200, send("GET", "/orders", token).statusCode());
    assertProblem(403, "insufficient-scope", send("POST", "/orders", token));
  }

  @Test
  void aServiceAccountReadsAndWritesAsTheTenantOfItsClient() throws Exception {
    var token =
        keycloak.token(
            Map.of(
                "grant_type", "client_credentials",
                "client_id", "nightly-batch",
                "client_secret", "batch-secret"));
    assertEquals(201, send("POST", "/orders", token).statusCode());
    var tenant = Json.parseStored(send("GET", "/tenant", token).body());
    assertEquals("acme", tenant.get("id").textValue());
  }

  @Test
  void aTokenForAnotherAudienceIsInvalid() throws Exception {
    assertInvalid("audience", passwordToken("other-app", "alice", ""));
  }

  @Test
  void aUserWithoutATenantIsInvalid() throws Exception {
    assertInvalid("no-tenant", passwordToken("web-shop", "norbert", ""));
  }

  @Test
  void groupsAreScopes() throws Exception {
    var member = passwordToken("group-app", "gina", "");
    assertEquals(200, send("GET", "/orders", member).statusCode());
    assertProblem(403, "insufficient-scope", send("POST", "/orders", member));
    var other = passwordToken("group-app", "alice", "");
    assertProblem(403, "insufficient-scope", send("GET", "/orders", other));
  }

  @Test
  void aNewSigningKeyIsAcceptedAtOnceAndTheOldOneStaysValid() throws Exception {
    var old = passwordToken("web-shop", "alice", "");
    assertEquals(200, send("GET", "/orders", old).statusCode());
    keycloak.rotate();
    var rotated = passwordToken("web-shop", "alice", "");
    assertNotEquals(header(old).get("kid"), header(rotated).get("kid"));
    assertEquals(200, send("GET", "/orders", rotated).statusCode());
    assertEquals(200, send("GET", "/orders", old).statusCode());
  }

  private String passwordToken(String client, String user, String scope) throws Exception {
    var form = new HashMap<String, String>();
    form.put("grant_type", "password");
    form.put("client_id", client);
    form.put("username", user);
    form.put("password", user + "-password");
    if (!scope.isEmpty()) { // Keycloak rejects an empty one
      form.put("scope", scope);
    }
    return keycloak.token(form);
  }

  private void assertInvalid(String reason, String token) throws Exception {
    var before = refused(reason);
    var response = send("GET", "/orders", token);
    assertEquals(401, response.statusCode());
    assertTrue(
        response
            .headers()
            .firstValue("WWW-Authenticate")
            .orElseThrow()
            .contains("error=\"invalid_token\""));
    assertEquals(before + 1, refused(reason));
  }

  private double refused(String reason) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + service.managementPort() + "/metrics");
    var page = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    var series = "partywall_tokens_refused_total{reason=\"" + reason + "\"} ";
    return page.lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
        .sum();
  }

  private static void assertProblem(int status, String type, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response::body);
    assertTrue(response.body().contains(type), response::body);
  }

  private HttpResponse<String> send(String method, String path, String token) throws Exception {
    var body =
        """
        {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":5}]}\
        """;
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method,
                method.equals("POST") ? BodyPublishers.ofString(body) : BodyPublishers.noBody())
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static JsonNode header(String token) {
    return part(token, 0);
  }

  private static JsonNode claims(String token) {
    return part(token, 1);
  }

  private static JsonNode part(String token, int index) {
    var bytes = Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]);
    return Json.parseStored(new String(bytes, StandardCharsets.UTF_8));
  }
}
