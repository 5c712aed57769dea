package dev.partywall.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Overrides.Limit;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.features.DeclaredFeature;
import dev.partywall.tenancy.features.Features;
import dev.partywall.tenancy.features.TierFeatures;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TenantRouteTest {
  private static final TenantId ACME = new TenantId("acme");

  private final Features features =
      Features.open(
          new TierFeatures(
              Tiers.BUILT_IN, List.of(new DeclaredFeature("order-notes", Set.of("premium")))),
          Tiers.BUILT_IN,
          List.of("order-notes"));

  @AfterEach
  void close() {
    features.close();
  }

  @Test
  void describesATenantWithoutRegistration() {
    assertEquals(
        "{\"id\":\"acme\",\"name\":\"acme\",\"tier\":\"free\",\"status\":\"active\","
            + "\"limits\":{\"weight\":1,\"requestsPerSecond\":10,\"burst\":20,\"inFlight\":5,"
            + "\"monthlyRequests\":100000},\"features\":{\"order-notes\":false},"
            + "\"usage\":{\"month\":{\"quota\":100000}}}",
        text(new Tenant(ACME, "gold"), OptionalLong.empty()));
  }

  @Test
  void describesARegisteredTenantWithItsOverrides() {
    var overrides =
        new Overrides(
            Map.of(
                Limit.BURST, OptionalLong.of(7),
                Limit.IN_FLIGHT, OptionalLong.empty()),
            Map.of("order-notes", false));
    var tenant =
        new Tenant(
            new TenantRecord(
                ACME,
                "Acme GmbH",
                "premium",
                TenantStatus.OFFBOARDING,
                new Placement.Pool(),
                overrides,
                Set.of(),
                Instant.EPOCH,
                Instant.EPOCH,
                1,
                1));
    assertEquals(
        "{\"id\":\"acme\",\"name\":\"Acme GmbH\",\"tier\":\"premium\",\"status\":\"offboarding\","
            + "\"limits\":{\"weight\":16,\"requestsPerSecond\":1000,\"burst\":7},"
            + "\"features\":{\"order-notes\":false},\"usage\":{\"month\":{\"requests\":42}}}",
        text(tenant, OptionalLong.of(42)));
  }

  private String text(Tenant tenant, OptionalLong requests) {
    var route =
        new TenantRoute(
                Tiers.BUILT_IN,
                features,
                asked -> asked.equals(tenant) ? requests : OptionalLong.of(-1))
            .route();
    var request = Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
    Response response = TenantContext.call(tenant, () -> route.handler().handle(request));
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
