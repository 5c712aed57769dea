package dev.partywall.metering.billing;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Route;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OperatorBillRoutesTest {
  @AutoClose private final BillsFixture bills;

  OperatorBillRoutesTest(LocalDynamo dynamo) throws IOException {
    bills = new BillsFixture(dynamo);
  }

  @Test
  void returnsTheBillTheCostAndTheUseOfATenant() {
    var bill = BillsFixture.json(bills.get(bills.one, Map.of(), "acme"));
    var expected =
        """
        {"tenant":"acme","from":"2026-11-24T00:00:00Z","to":"2026-11-24T09:00:00Z",\
        "granularity":"hour","usage":[{"start":"2026-11-24T08:00:00Z","meters":METERS}],\
        "totals":METERS,"charges":{"currency":"EUR","lines":[{"tier":"premium",\
        "from":"1970-01-01T00:00:00Z","meter":"requests","amount":3,"micros":1200}],\
        "totalMicros":1200},"incarnation":2,"name":"Name of acme","status":"active",\
        "tier":"premium","cost":{"currency":"EUR","lines":[{"from":"1970-01-01T00:00:00Z",\
        "meter":"readUnits","amount":7.5,"micros":2}],"totalMicros":2},\
        "operations":{"readUnits":0,"writeUnits":0,"costMicros":0},\
        "lastRequestAt":"2026-11-24T08:01:01.000Z","routes":{"GET /orders":3},\
        "features":{"order-notes":2},"unusedRoutes":["DELETE /orders/{id}"],\
        "unusedPaidFeatures":["exports"]}\
        """
            .replace(
                "METERS",
                """
                {"requests":3,"bytesIn":0,"bytesOut":0,"ordersPlaced":0,"readUnits":7.5,\
                "writeUnits":0,"busyMs":0}\
                """);
    assertEquals(expected, bill.toString());
  }

  @Test
  void doesNotFindUnknownTenantsAndIncarnations() {
    assertNotFound(Map.of(), "initech");
    assertNotFound(Map.of(), "Not an id");
    assertNotFound(Map.of("incarnation", "3"), "acme");
    assertMalformed(bills.one, Map.of("incarnation", "0"));
    assertMalformed(bills.one, Map.of("incarnation", "x"));
    assertMalformed(bills.one, Map.of("incarnation", "1000000000"));
  }

  @Test
  void listsEachIncarnationAndTenantsWithoutUsage() {
    var list = BillsFixture.json(bills.get(bills.all, Map.of(), ""));
    assertEquals(List.of("acme", "acme", "globex"), list.findValuesAsText("tenant"));
    assertEquals(List.of("1", "2", "1"), list.findValuesAsText("incarnation"));
    assertEquals(List.of("500", "3", "0"), requests(list));
    assertFalse(list.has("next"));
    assertFalse(list.path("tenants").path(2).has("usage"));
    assertFalse(list.path("tenants").path(2).has("lastRequestAt"));
    assertEquals(0, list.path("tenants").path(2).path("cost").path("totalMicros").asLong(-1));
  }

  @Test
  void continuesAfterAnIncarnationAndStatesTheNextPage() {
    var seen = new ArrayList<String>();
    var query = new HashMap<>(Map.of("limit", "1"));
    for (var page = 0; page < 3; page++) {
      var response = bills.get(bills.all, query, "");
      var list = BillsFixture.json(response);
      var tenant = list.path("tenants").path(0);
      seen.add(tenant.path("tenant").asText() + tenant.path("incarnation").asText());
      assertEquals(1, list.path("tenants").size());
      assertEquals(page < 2, list.has("next"));
      assertEquals(
          page < 2
              ? Optional.of(
                  "</usage/tenants?from=2026-11-24T00%3A00%3A00Z&to=2026-11-24T09%3A00%3A00Z&limit=1"
                      + "&cursor="
                      + list.path("next").asText()
                      + ">; rel=\"next\"")
              : Optional.empty(),
          response.headers().first("Link"));
      query.put("cursor", list.path("next").asText());
    }
    assertEquals(List.of("acme1", "acme2", "globex1"), seen);
  }

  @Test
  void listsMonths() {
    bills.ship(
        Usage.of(
            BillsFixture.SECOND,
            Instant.parse("2026-10-31T23:00:00Z"),
            Amounts.of(KernelMeter.REQUESTS, 4)));
    var query =
        Map.of(
            "from", "2026-10-01T00:00:00Z", "to", "2026-12-01T00:00:00Z", "granularity", "month");
    var tenant = BillsFixture.json(bills.get(bills.all, query, "")).path("tenants").path(1);
    assertEquals(
        List.of("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"),
        tenant.path("usage").findValuesAsText("start"));
    assertEquals(7, tenant.path("totals").path("requests").asLong());
  }

  @Test
  void boundsThePeriodByTheNumberOfTenants() {
    var month =
        Map.of("from", "2026-10-24T09:00:00Z", "to", "2026-11-24T09:00:00Z", "limit", "100");
    assertEquals(3, BillsFixture.json(bills.get(bills.all, month, "")).path("tenants").size());
    assertMalformed(bills.all, with(month, "from", "2026-10-24T08:00:00Z"));
    var year = Map.of("from", "2025-10-20T09:00:00Z", "to", "2026-11-24T09:00:00Z", "limit", "7");
    assertEquals(3, BillsFixture.json(bills.get(bills.all, year, "")).path("tenants").size());
    assertMalformed(bills.all, with(year, "limit", "8"));
    assertMalformed(bills.all, Map.of("granularity", "hour"));
    assertMalformed(bills.all, Map.of("idleSince", "14"));
    assertMalformed(bills.all, Map.of("idleSince", "P1Y"));
  }

  @Test
  void selectsTheTenantsWithoutARequestSinceATime() {
    bills.metering.clock.advance(Duration.ofDays(14));
    bills.ship(
        Usage.of(
                first(GLOBEX),
                Usage.startOfHour(bills.metering.clock.instant()),
                Amounts.of(KernelMeter.REQUESTS, 1))
            .withLastRequestAt(bills.metering.clock.instant()));
    bills.metering.register(MeteringFixture.record(new TenantId("initech"), "free", 1));
    var idle = BillsFixture.json(bills.get(bills.all, Map.of("idleSince", "P14D"), ""));
    assertEquals(List.of("acme", "acme", "initech"), idle.findValuesAsText("tenant"));
    var longer = BillsFixture.json(bills.get(bills.all, Map.of("idleSince", "P15D"), ""));
    assertEquals(List.of("initech"), longer.findValuesAsText("tenant"));
  }

  @Test
  void listsZerosForATenantWithoutUsage() {
    var globex = BillsFixture.json(bills.get(bills.all, Map.of(), "")).path("tenants").path(2);
    assertEquals(
        """
        {"tenant":"globex","incarnation":1,"name":"Name of globex","status":"active",\
        "tier":"free","totals":{"requests":0,"bytesIn":0,"bytesOut":0,"ordersPlaced":0,\
        "readUnits":0,"writeUnits":0,"busyMs":0},"charges":{"currency":"EUR","lines":[],\
        "totalMicros":0},"cost":{"currency":"EUR","lines":[],"totalMicros":0},\
        "operations":{"readUnits":0,"writeUnits":0,"costMicros":0},"routes":{},\
        "features":{},"unusedRoutes":["DELETE /orders/{id}","GET /orders"],\
        "unusedPaidFeatures":[]}\
        """,
        globex.toString());
  }

  @Test
  void theNextPageHasTheParametersOfTheFirst() {
    var query = Map.of("limit", "1", "idleSince", "PT0S", "granularity", "month");
    var response = bills.get(bills.all, query, "");
    var cursor = BillsFixture.json(response).path("next").asText();
    assertEquals(
        Optional.of(
            "</usage/tenants?from=2026-11-24T00%3A00%3A00Z&to=2026-11-24T09%3A00%3A00Z"
                + "&granularity=month&idleSince=PT0S&limit=1&cursor="
                + cursor
                + ">; rel=\"next\""),
        response.headers().first("Link"));
    assertMalformed(bills.all, Map.of("cursor", cursor));
    assertMalformed(bills.all, Map.of("cursor", cursor, "idleSince", "PT1S"));
    var second = bills.get(bills.all, with(query, "cursor", cursor), "");
    assertEquals("2", BillsFixture.json(second).findValue("incarnation").asText());
  }

  private static List<String> requests(JsonNode list) {
    return list.path("tenants")
        .valueStream()
        .map(tenant -> tenant.path("totals").path("requests").asText())
        .toList();
  }

  private static Map<String, String> with(Map<String, String> query, String name, String value) {
    var changed = new HashMap<>(query);
    changed.put(name, value);
    return changed;
  }

  private void assertNotFound(Map<String, String> query, String tenant) {
    var failure = assertThrows(ApiException.class, () -> bills.get(bills.one, query, tenant));
    assertTrue(failure.error() instanceof ApiError.NotFound, failure::toString);
  }

  private void assertMalformed(Route route, Map<String, String> query) {
    var failure =
        assertThrows(ApiException.class, () -> bills.get(route, query, "acme"), query::toString);
    assertTrue(failure.error() instanceof ApiError.Malformed, failure::toString);
  }
}
