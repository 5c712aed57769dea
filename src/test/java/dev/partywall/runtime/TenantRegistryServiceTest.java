package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.orders.OpenApiValidation;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.service.Capability;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two instances of the service, with operators and registered tenants. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class TenantRegistryServiceTest {
  /** The contract: a change reaches every instance within 5 s. */
  private static final Duration MAX_PROPAGATION = Duration.ofSeconds(5);

  private static final String ADMIN = "tenants:read tenants:admin";

  private final ServiceFixture fixture;
  private final LocalOidcIssuer operators;
  private final HttpClient http = HttpClient.newHttpClient();

  TenantRegistryServiceTest(LocalDynamo dynamo) throws IOException {
    fixture = new ServiceFixture(dynamo);
    operators = fixture.issuer.operators("/operators");
  }

  @AfterEach
  void close() {
    http.close();
    fixture.close();
  }

  private Service start() throws Exception {
    var environment = new HashMap<>(fixture.environment());
    environment.remove("PARTYWALL_UNKNOWN_TENANTS");
    environment.remove("PARTYWALL_TIERS");
    environment.put("PARTYWALL_OPERATOR_ISSUERS", operators.name());
    environment.put(
        "PARTYWALL_JOURNAL_DIR", environment.get("PARTYWALL_JOURNAL_DIR") + System.nanoTime());
    var capabilities = List.<Capability>of(OrderRoutes::of);
    var settings = Settings.from(environment, ServiceFixture.declare(capabilities));
    return InProcessService.awaitReady(
        ServiceFixture.start(settings, capabilities, InstantSource.system()));
  }

  private HttpResponse<String> send(
      Service service, String method, String path, String token, String body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + token);
    for (var i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private String operator() {
    return operators.operatorToken("olga", ADMIN).signedBy(operators.key());
  }

  private HttpResponse<String> register(Service service, String id, String tier) throws Exception {
    return register(service, id, tier, "{}");
  }

  private HttpResponse<String> register(Service service, String id, String tier, String overrides)
      throws Exception {
    var body =
        """
        {"id":"%s","name":"%s","tier":"%s","overrides":%s}\
        """
            .formatted(id, id, tier, overrides);
    return send(service, "POST", "/tenants", operator(), body, "Content-Type", "application/json");
  }

  private HttpResponse<String> setStatus(Service service, String etag, String status)
      throws Exception {
    return send(
        service,
        "PATCH",
        "/tenants/acme",
        operator(),
        "{\"status\":\"%s\"}".formatted(status),
        "Content-Type",
        "application/merge-patch+json",
        "If-Match",
        etag);
  }

  private HttpResponse<String> list(Service service) throws Exception {
    return send(service, "GET", "/orders", fixture.token("acme", "alice"), "");
  }

  private void awaitStatus(Service service, int status) throws Exception {
    var deadline = System.nanoTime() + MAX_PROPAGATION.toNanos();
    while (list(service).statusCode() != status) {
      assertTrue(System.nanoTime() < deadline, "not within " + MAX_PROPAGATION);
      Thread.sleep(150); // below the rate of the tier
    }
  }

  @Test
  void anOperatorRegistersSuspendsAndResumesATenantOnEveryInstance() throws Exception {
    var first = start();
    var second = start();
    try {
      assertEquals(403, list(first).statusCode());
      assertTrue(list(second).body().contains("/problems/orders/unknown-tenant"));
      var registered = register(first, "acme", "standard");
      assertEquals(201, registered.statusCode(), registered::body);
      awaitStatus(first, 200);
      awaitStatus(second, 200);
      var suspended =
          setStatus(second, registered.headers().firstValue("ETag").orElseThrow(), "suspended");
      assertEquals(200, suspended.statusCode(), suspended::body);
      awaitStatus(first, 403);
      awaitStatus(second, 403);
      var rejected = list(first);
      assertTrue(rejected.body().contains("/problems/orders/tenant-suspended"), rejected::body);
      assertEquals(
          "\"burst\";q=200;w=2, \"in-flight\";q=50;qu=\"concurrent-requests\","
              + " \"month\";q=10000000;w="
              + secondsOfMonth(),
          normalized(rejected.headers().firstValue("RateLimit-Policy").orElseThrow()));
      setStatus(first, suspended.headers().firstValue("ETag").orElseThrow(), "active");
      awaitStatus(first, 200);
      awaitStatus(second, 200);
    } finally {
      first.drain();
      second.drain();
    }
  }

  private static long secondsOfMonth() {
    var month = YearMonth.now(ZoneOffset.UTC);
    return month.lengthOfMonth() * 86_400L;
  }

  /** The order of the policies has no meaning. */
  private static String normalized(String policies) {
    return String.join(", ", Arrays.stream(policies.split(", ")).sorted().toList());
  }

  @Test
  void aTenantOverItsRateGets429WhileAnotherIsServed() throws Exception {
    var service = start();
    try {
      // Slow enough that a busy machine exceeds it.
      register(service, "acme", "free", "{\"requestsPerSecond\":1,\"burst\":1}");
      register(service, "globex", "free");
      awaitStatus(service, 200);
      var statuses = new HashMap<Integer, Integer>();
      HttpResponse<String> last = list(service);
      for (var i = 0; i < 60 && last.statusCode() == 200; i++) {
        last = list(service);
        statuses.merge(last.statusCode(), 1, Integer::sum);
      }
      assertEquals(429, last.statusCode(), statuses::toString);
      assertEquals("1", last.headers().firstValue("Retry-After").orElseThrow());
      assertTrue(
          last.headers().firstValue("RateLimit").orElseThrow().startsWith("\"burst\";r=0;t=1"));
      assertTrue(last.body().contains("\"violated-policies\":[\"burst\"]"), last::body);
      assertDescribed(service, "/orders", last);
      assertEquals(
          200, send(service, "GET", "/orders", fixture.token("globex", "bob"), "").statusCode());
    } finally {
      service.drain();
    }
  }

  @Test
  void theFirstResponseToATenantStatesTheQuotaOfTheMonth() throws Exception {
    var service = start();
    try {
      register(service, "acme", "free");
      var first = send(service, "GET", "/tenant", fixture.token("acme", "alice"), "");
      var limits = first.headers().firstValue("RateLimit").orElseThrow();
      assertTrue(limits.contains("\"month\";r=99999;t="), limits);
    } finally {
      service.drain();
    }
  }

  @Test
  void theFirstDescriptionOfATenantHasTheRequestsOfTheMonth() throws Exception {
    var service = start();
    try {
      register(service, "acme", "premium"); // without a monthly quota
      var tenant = send(service, "GET", "/tenant", fixture.token("acme", "alice"), "");
      assertTrue(tenant.body().contains("\"month\":{\"requests\":0}"), tenant::body);
      assertDescribed(service, "/tenant", tenant);
    } finally {
      service.drain();
    }
  }

  private void assertDescribed(Service service, String path, HttpResponse<String> response)
      throws Exception {
    var api = send(service, "GET", "/openapi.json", fixture.token("acme", "alice"), "").body();
    new OpenApiValidation(api.getBytes(StandardCharsets.UTF_8))
        .check(
            "GET",
            path,
            response.statusCode(),
            response.headers().map(),
            response.body().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void operatorsRoutesRejectEveryOtherToken() throws Exception {
    var service = start();
    try {
      register(service, "acme", "free");
      for (var path : List.of("/tenants", "/tenants/acme")) {
        var tenant = send(service, "GET", path, fixture.token("acme", "alice", ADMIN), "");
        assertEquals(403, tenant.statusCode());
        assertTrue(tenant.body().contains("not-an-operator"), tenant::body);
        assertTrue(tenant.headers().firstValue("RateLimit").orElse("").startsWith("\"burst\";r="));
        assertDescribed(service, path, tenant);
        var unknown = send(service, "GET", path, fixture.token("globex", "bob", ADMIN), "");
        assertTrue(unknown.body().contains("not-an-operator"), unknown::body);
        assertEquals(Optional.empty(), unknown.headers().firstValue("RateLimit"));
        var reader = operators.operatorToken("olga", "other").signedBy(operators.key());
        assertEquals(403, send(service, "GET", path, reader, "").statusCode());
        assertEquals(200, send(service, "GET", path, operator(), "").statusCode());
      }
      var operatorOnOrders = send(service, "GET", "/orders", operator(), "");
      assertEquals(403, operatorOnOrders.statusCode());
      assertTrue(operatorOnOrders.body().contains("not-a-tenant"), operatorOnOrders::body);
    } finally {
      service.drain();
    }
  }
}
