package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.NoOpProvider;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.service.Capability;
import dev.partywall.service.Feature;
import dev.partywall.service.Offering;
import dev.partywall.testkit.BoundTenant;
import dev.partywall.testkit.TestService;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests features in a running service, with the built-in provider and with another one. */
class FeatureServiceTest {
  private static final AtomicReference<Feature> DECLARED = new AtomicReference<>();

  @RegisterExtension
  static final TestService service =
      TestService.of(
              kernel -> {
                DECLARED.set(kernel.feature("fast-lane", "standard"));
                return Offering.of("lanes", List.of());
              })
          .with("PARTYWALL_TIERS", ""); // the built-in tiers

  @RegisterExtension
  static final TestService otherProvider =
      TestService.of(withProvider()).with("PARTYWALL_LOG_LEVEL", "warn");

  private static Capability withProvider() {
    return kernel -> {
      var lane = kernel.feature("fast-lane", "free");
      var broken = kernel.feature("broken", "free");
      var route =
          Route.of(
              "GET",
              "/lanes",
              "lanes:read",
              _ -> Response.json(200, "[" + lane.isOn() + "," + broken.isOn() + "]"));
      return Offering.of("lanes", List.of(route)).withFeatureProvider(new Provider());
    };
  }

  /** Turns the feature on for one tenant. */
  private static final class Provider extends NoOpProvider {
    @Override
    public ProviderEvaluation<Boolean> getBooleanEvaluation(
        String key, Boolean defaultValue, EvaluationContext context) {
      if (key.equals("broken")) {
        throw new IllegalStateException("no connection");
      }
      var on = context.getTargetingKey().equals("globex");
      return ProviderEvaluation.<Boolean>builder().value(on).build();
    }
  }

  @Nested
  class InStandard {
    @RegisterExtension final BoundTenant tenant = new BoundTenant("acme");

    @Test
    void theFeatureIsOn() {
      assertTrue(DECLARED.get().isOn());
    }
  }

  @Nested
  class InFree {
    @RegisterExtension final BoundTenant tenant = new BoundTenant("acme", "free");

    @Test
    void theFeatureIsOff() {
      assertFalse(DECLARED.get().isOn());
    }
  }

  @Test
  void describesTheTenantOfTheTokenWithoutAnyScope() {
    var tenant = service.as("acme", "alice", "none").get("/tenant");
    assertEquals(200, tenant.status());
    assertEquals(
        "{\"id\":\"acme\",\"name\":\"acme\",\"tier\":\"free\",\"status\":\"active\","
            + "\"limits\":{\"weight\":1,\"requestsPerSecond\":10,\"burst\":20,\"inFlight\":5,"
            + "\"monthlyRequests\":100000},\"features\":{\"fast-lane\":false},"
            + "\"usage\":{\"month\":{\"requests\":N,\"quota\":100000}}}",
        tenant.text().replaceFirst("\"requests\":[0-9]+", "\"requests\":N"));
    assertEquals(400, service.as("acme", "alice", "none").get("/tenant?id=globex").status());
    assertEquals(401, service.withoutToken().get("/tenant").status());
  }

  @Test
  void anotherProviderDecidesAndItsFailuresAreCounted() throws Exception {
    var before = errors();
    assertEquals("[false,false]", otherProvider.as("acme", "a", "lanes:read").get("/lanes").text());
    assertEquals(
        "[true,false]", otherProvider.as("globex", "a", "lanes:read").get("/lanes").text());
    assertEquals(before + 2, errors());
    assertEquals(
        "{\"broken\":false,\"fast-lane\":true}",
        otherProvider.as("globex", "a", "none").get("/tenant").json().path("features").toString());
  }

  private static long errors() throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(otherProvider.managementUri().resolve("/metrics")).build();
      return http.send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("partywall_feature_errors_total "))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
          .findFirst()
          .orElseThrow();
    }
  }
}
