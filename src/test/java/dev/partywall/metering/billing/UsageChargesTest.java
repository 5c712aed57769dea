package dev.partywall.metering.billing;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.OperationMeter;
import dev.partywall.metering.meter.Usage;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the charges in {@code GET /usage}. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class UsageChargesTest {
  private static final PriceList PRICES =
      PriceList.parse(
          """
          {"currency":"EUR",
           "cost":{"readUnits":{"micros":283,"per":1000},"writeUnits":{"micros":1413,"per":1000}},
           "tiers":{"standard":{"requests":{"micros":400000,"per":1000000},"ordersPlaced":2000},
                    "premium":{"requests":1}}}
          """
              .getBytes(StandardCharsets.UTF_8),
          MeteringFixture.METERS,
          new Faults());

  private MeteringFixture fixture;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void addsTheBillAndNoCostIfPricesAreConfigured() {
    ship(requests(ACME, EIGHT, 12));
    fixture.ledger.setCount(
        new Usage.TenantHour(first(ACME), EIGHT), MeteringFixture.ORDERS_PLACED, 3);
    ship(requests(ACME, EIGHT, 1).withTier("standard"));
    var report = get(MeteringFixture.tenant(ACME));
    assertFalse(body(report).contains("cost"));
    assertEquals(
        "{\"currency\":\"EUR\",\"lines\":["
            + "{\"tier\":\"standard\",\"from\":\"1970-01-01T00:00:00Z\",\"meter\":\"requests\","
            + "\"amount\":13,\"micros\":5},"
            + "{\"tier\":\"standard\",\"from\":\"1970-01-01T00:00:00Z\",\"meter\":\"ordersPlaced\","
            + "\"amount\":3,\"micros\":6000}],\"totalMicros\":6005}",
        json(report).path("charges").toString());
  }

  /** The hour before has operations only, and no tier. */
  @Test
  void containsNothingOfTheOperationsOnTheTenant() {
    ship(requests(ACME, NINE, 1_000_000).withTier("standard"));
    var before = body(get(MeteringFixture.tenant(ACME)));
    for (var hour : List.of(EIGHT, NINE)) {
      ship(Usage.of(first(ACME), hour, Amounts.of(OperationMeter.READ_UNITS, 9_000)));
    }
    assertEquals(before, body(get(MeteringFixture.tenant(ACME))));
  }

  /** The ledger has the tier of one hour. For the other one, the registry determines it. */
  @Test
  void theBillDoesNotDependOnTheTierOfTheToken() {
    ship(requests(ACME, EIGHT, 12));
    ship(requests(ACME, NINE, 1000).withTier("standard"));
    var record = premiumRecord();
    for (var tier : List.of("free", "standard", "premium", "gold")) {
      var ofToken = new Tenant(ACME, Optional.of(tier), Optional.of(record));
      var lines = json(get(ofToken)).at("/charges/lines");
      assertEquals(List.of("premium", "standard"), lines.findValuesAsText("tier"));
      assertEquals(List.of("true"), lines.findValuesAsText("assumed"));
      assertEquals(List.of("12", "400"), lines.findValuesAsText("micros"));
      // A tenant that is not registered has the default tier.
      var unregistered = json(get(new Tenant(ACME, tier))).at("/charges/lines");
      assertEquals(List.of("standard"), unregistered.findValuesAsText("tier"));
    }
  }

  private static TenantRecord premiumRecord() {
    return new TenantRecord(
        ACME,
        "Acme",
        "premium",
        TenantStatus.ACTIVE,
        new Placement.Pool(),
        Overrides.NONE,
        Set.of(),
        EIGHT,
        EIGHT,
        1,
        1);
  }

  /** Returns the usage from eight to ten, as the tenant reads it. */
  private Response get(Tenant tenant) {
    var query =
        Map.of("from", List.of("2026-11-24T08:00:00Z"), "to", List.of("2026-11-24T10:00:00Z"));
    var target = new RequestTarget("/usage", List.of("usage"), query);
    var request = Request.of("GET", target, Headers.NONE, Body.NONE);
    var route =
        new UsageRoute(
                fixture.ledger, fixture.clock, Optional.of(PRICES), MeteringFixture::tierName)
            .route();
    return TenantContext.call(tenant, () -> route.handler().handle(request));
  }

  private void ship(Usage... usage) {
    for (var each : usage) {
      fixture.ledger.ship(new Batch(UUID.randomUUID(), 0, List.of(each)));
    }
  }

  private static JsonNode json(Response response) {
    return Json.parse(response.body());
  }

  private static String body(Response response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
