package dev.partywall.metering.billing;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
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
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TestExecution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A test fixture with the operators' routes that report usage, and the usage of two tenants. */
final class BillsFixture implements AutoCloseable {
  private static final String PRICES =
      """
      {"currency":"EUR","cost":{"readUnits":{"micros":283,"per":1000}},
       "tiers":{"premium":{"requests":{"micros":400000,"per":1000}}}}
      """;
  private static final Route ORDERS =
      Route.of("GET", "/orders", "orders:read", _ -> Response.of(501));
  private static final Route DELETION =
      Route.of("DELETE", "/orders/{id}", "orders:write", _ -> Response.of(501));
  private static final Route TENANTS =
      Route.operator("GET", "/tenants", "tenants:read", _ -> Response.of(501));
  static final MeteredTenant SECOND = new MeteredTenant(ACME, 2);

  final MeteringFixture metering;
  final Route one;
  final Route all;

  BillsFixture(LocalDynamo dynamo) throws IOException {
    metering = new MeteringFixture(dynamo);
    metering.register(
        MeteringFixture.record(ACME, "premium", 2), MeteringFixture.record(GLOBEX, "free", 1));
    var faults = new Faults();
    var prices =
        PriceList.parse(PRICES.getBytes(StandardCharsets.UTF_8), MeteringFixture.METERS, faults);
    assertTrue(faults.isEmpty());
    var bills = new TenantBills(metering.ledger, Optional.of(prices), MeteringFixture::tierName);
    var parts =
        UsableParts.of(
            List.of(ORDERS, DELETION, TENANTS),
            tenant ->
                tenant.tier().equals("premium") ? Set.of("order-notes", "exports") : Set.of());
    var routes = OperatorBillRoutes.of(bills, metering.registry, parts, metering.clock);
    one = routes.getFirst();
    all = routes.getLast();
    var used =
        Map.of(
            KernelMeter.REQUESTS,
            3L,
            KernelMeter.READ_UNITS,
            7_500L,
            UsageMeter.route("GET", "/orders"),
            3L,
            UsageMeter.feature("order-notes"),
            2L);
    ship(
        Usage.of(SECOND, EIGHT, Amounts.of(used))
            .withTier("premium")
            .withLastRequestAt(EIGHT.plusSeconds(61)));
    ship(Usage.of(first(ACME), EIGHT, Amounts.of(KernelMeter.REQUESTS, 500)).withTier("premium"));
  }

  @Override
  public void close() throws IOException {
    metering.close();
  }

  Response get(Route route, Map<String, String> query, String tenant) {
    return get(route, query, tenant, "*/*");
  }

  Response get(Route route, Map<String, String> query, String tenant, String accept) {
    var parameters = new HashMap<String, List<String>>();
    query.forEach((name, value) -> parameters.put(name, List.of(value)));
    var target = new RequestTarget("/usage/tenants", List.of("usage", "tenants"), parameters);
    var request =
        Request.of("GET", target, Headers.NONE.with("Accept", accept), Body.NONE)
            .with(new Match.Found(route, Map.of("id", tenant)));
    var execution = TestExecution.create();
    execution.setIdentity(new Identity.Operator("olga", Set.of("tenants:read")));
    return execution.call(() -> route.handler().handle(request));
  }

  void ship(Usage usage) {
    metering.ledger.ship(new Batch(UUID.randomUUID(), 0, List.of(usage)));
  }

  static JsonNode json(Response response) {
    return Json.parse(response.body());
  }
}
