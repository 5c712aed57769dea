package dev.partywall.metering.billing;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class UsageRouteTest {
  private MeteringFixture fixture;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
    var amounts =
        Amounts.ofKernel(measure ->
            switch (measure) {
              case REQUESTS -> 12;
              case BYTES_IN -> 340;
              case BYTES_OUT -> 9120;
              case READ_UNITS -> 7500;
              case WRITE_UNITS -> 600_000;
              case BUSY -> 41;
            });
    ship(Usage.of(first(ACME), EIGHT, amounts));
    fixture.ledger.setCount(
        new Usage.TenantHour(first(ACME), EIGHT), MeteringFixture.ORDERS_PLACED, 3);
    ship(requests(ACME, EIGHT.minus(Duration.ofDays(1)), 1000), requests(GLOBEX, EIGHT, 77));
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void returnsTheUsageOfTheCallersIncarnationOnly() {
    ship(Usage.of(new MeteredTenant(ACME, 2), EIGHT, Amounts.of(KernelMeter.REQUESTS, 2)));
    var second = new Tenant(MeteringFixture.record(ACME, "free", 2));
    assertEquals(2, json(get(second, Map.of(), "*/*")).path("totals").path("requests").asLong());
    assertEquals(12, json(get(Map.of())).path("totals").path("requests").asLong());
  }

  @Test
  void returnsTodayUntilTheNextFullHourByDefault() {
    var expected =
        """
        {"tenant":"acme","from":"2026-11-24T00:00:00Z","to":"2026-11-24T09:00:00Z",\
        "granularity":"hour","usage":[{"start":"2026-11-24T08:00:00Z","meters":METERS}],\
        "totals":METERS}\
        """
            .replace(
                "METERS",
                """
                {"requests":12,"bytesIn":340,"bytesOut":9120,"ordersPlaced":3,"readUnits":7.5,\
                "writeUnits":600,"busyMs":41}\
                """);
    assertEquals(expected, body(get(Map.of())));
  }

  @Test
  void returnsTheSameTotalsForAnyGranularity() {
    ship(
        requests(ACME, NINE, 5),
        Usage.of(first(ACME), NINE, Amounts.of(KernelMeter.READ_UNITS, 1001)));
    var range = Map.of("from", "2026-11-23T08:00:00Z", "to", "2026-11-24T10:00:00Z");
    var hours = json(get(range));
    var days = json(get(and(range, "granularity", "day")));
    assertEquals(hours.path("totals"), days.path("totals"));
    assertEquals(1017, hours.path("totals").path("requests").longValue());
    assertEquals("8.501", hours.path("totals").path("readUnits").asText());
    assertEquals(3, hours.path("usage").size());
    assertEquals(List.of("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"), starts(days));
  }

  @Test
  void returnsMonths() {
    ship(requests(ACME, Instant.parse("2026-10-31T23:00:00Z"), 4));
    ship(requests(ACME, Instant.parse("2026-11-01T00:00:00Z"), 2));
    var range = Map.of("from", "2026-10-01T00:00:00Z", "to", "2026-12-01T00:00:00Z");
    var months = json(get(and(range, "granularity", "month")));
    assertEquals("month", months.path("granularity").asText());
    assertEquals(List.of("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"), starts(months));
    assertEquals(List.of("4", "1014", "1018"), months.findValuesAsText("requests"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-24T08:00:00.001Z",
        "2026-11-24T08:00:01Z",
        "2026-11-24T08:59:59.999999999Z",
        "2026-11-24T08:30:00Z",
        "2026-11-24T08:00:00+05:30"
      })
  void rejectsLimitsThatAreNotFullHours(String text) {
    var rule = "must be a full hour as an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z";
    for (var name : List.of("from", "to")) {
      var thrown = assertThrows(ApiException.class, () -> get(Map.of(name, text)));
      assertEquals(
          ApiError.Malformed.of(List.of(new ApiError.ParameterFault(name, rule))), thrown.error());
    }
  }

  @Test
  void adjoiningPeriodsHaveNoHourInCommon() {
    ship(requests(ACME, NINE, 5));
    var before = get(Map.of("from", "2026-11-24T00:00:00Z", "to", "2026-11-24T09:00:00Z"));
    var after = get(Map.of("from", "2026-11-24T09:00:00Z", "to", "2026-11-24T10:00:00Z"));
    assertEquals(12, json(before).path("totals").path("requests").longValue());
    assertEquals(5, json(after).path("totals").path("requests").longValue());
  }

  @Test
  void acceptsTimeOffsets() {
    var response = get(Map.of("from", "2026-11-24T13:30:00+05:30", "to", "2026-11-24t09:00:00z"));
    assertEquals(List.of("2026-11-24T08:00:00Z"), starts(json(response)));
  }

  @Test
  void returnsZerosWithoutUsage() {
    var response = json(get(Map.of("from", "2020-01-01T00:00:00Z", "to", "2020-01-02T00:00:00Z")));
    assertEquals(0, response.path("usage").size());
    assertEquals(0, response.path("totals").path("busyMs").longValue());
    assertEquals(7, response.path("totals").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-24",
        "2026-11-24T08:00Z",
        "2026-11-24T08:00:00",
        "2026-13-24T08:00:00Z",
        "2026-02-29T08:00:00Z",
        "+22026-11-24T08:00:00Z",
        "2026-11-24 08:00:00Z",
        "9999-12-31T23:00:00-01:00",
        "0000-01-01T00:00:00+01:00",
        "yesterday",
        ""
      })
  void rejectsInvalidTimestamps(String text) {
    assertMalformed(Map.of("from", text));
    assertMalformed(Map.of("to", text));
  }

  @Test
  void rejectsEmptyReversedAndLongRanges() {
    assertMalformed(Map.of("from", "2026-11-24T08:00:00Z", "to", "2026-11-24T08:00:00Z"));
    assertMalformed(Map.of("to", "2026-11-23T08:00:00Z"));
    assertMalformed(Map.of("from", "2026-08-01T00:00:00Z"));
    assertMalformed(Map.of("from", "2025-08-01T00:00:00Z", "granularity", "day"));
    assertMalformed(Map.of("from", "2025-08-01T00:00:00Z", "granularity", "month"));
    assertMalformed(Map.of("from", "2026-11-24T09:00:00Z"));
    get(Map.of("from", "2026-08-01T00:00:00Z", "granularity", "day"));
  }

  @Test
  void acceptsTheFirstAndTheLastHourThatALedgerCanHave() {
    var last = Map.of("from", "9999-12-31T22:00:00Z", "to", "9999-12-31T23:00:00Z");
    assertEquals("9999-12-31T23:00:00Z", json(get(last)).path("to").asText());
    var first = Map.of("from", "0000-01-01T00:00:00Z", "to", "0000-01-01T01:00:00Z");
    assertEquals("0000-01-01T00:00:00Z", json(get(first)).path("from").asText());
  }

  @Test
  void rejectsUnknownGranularities() {
    assertMalformed(Map.of("granularity", "HOUR"));
    assertMalformed(Map.of("granularity", "minute"));
  }

  @Test
  void returnsCsvIfPreferred() {
    var accept = "text/csv, application/json;q=0.5";
    var response = get(MeteringFixture.tenant(ACME), Map.of(), accept);
    var expected =
        """
        start,requests,bytesIn,bytesOut,ordersPlaced,readUnits,writeUnits,busyMs
        2026-11-24T08:00:00Z,12,340,9120,3,7.5,600,41
        """
            .replace("\n", "\r\n");
    assertEquals(expected, body(response));
    assertTrue(response.headers().first("Content-Type").orElseThrow().startsWith("text/csv"));
    assertEquals("Accept", response.headers().first("Vary").orElseThrow());
    assertEquals("private, no-cache", response.headers().first("Cache-Control").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/json",
        "text/csv;q=0, */*",
        "text/*;q=0.2, */*;q=0.3",
        "image/png"
      })
  void returnsJsonByDefault(String accept) {
    var response = get(MeteringFixture.tenant(ACME), Map.of(), accept);
    assertEquals("acme", json(response).path("tenant").asText());
  }

  @Test
  void addsNoChargesWithoutPrices() {
    assertFalse(json(get(Map.of())).has("charges"));
  }

  @Test
  void requiresTheUsageReadScope() {
    assertEquals(new Route.Access.Scope("usage:read"), route().access());
  }

  private void assertMalformed(Map<String, String> query) {
    var exception = assertThrows(ApiException.class, () -> get(query), query::toString);
    assertTrue(exception.error() instanceof ApiError.Malformed, exception.toString());
  }

  private Route route() {
    return new UsageRoute(
            fixture.ledger, fixture.clock, Optional.empty(), MeteringFixture::tierName)
        .route();
  }

  private Response get(Map<String, String> query) {
    return get(MeteringFixture.tenant(ACME), query, "*/*");
  }

  private Response get(Tenant tenant, Map<String, String> query, String accept) {
    var parameters = new HashMap<String, List<String>>();
    query.forEach((name, value) -> parameters.put(name, List.of(value)));
    var target = new RequestTarget("/usage", List.of("usage"), parameters);
    var request = Request.of("GET", target, Headers.NONE.with("Accept", accept), Body.NONE);
    return TenantContext.call(tenant, () -> route().handler().handle(request));
  }

  private void ship(Usage... usage) {
    for (var each : usage) {
      fixture.ledger.ship(new Batch(UUID.randomUUID(), 0, List.of(each)));
    }
  }

  private static Map<String, String> and(Map<String, String> query, String name, String value) {
    var more = new HashMap<>(query);
    more.put(name, value);
    return more;
  }

  private static List<String> starts(JsonNode response) {
    return response.path("usage").findValuesAsText("start");
  }

  private static JsonNode json(Response response) {
    return Json.parse(response.body());
  }

  private static String body(Response response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
