package dev.partywall.metering.meter;

import static dev.partywall.metering.meter.MeteredTenant.first;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sample usage. */
public final class UsageSamples {
  public static final TenantId ACME = new TenantId("acme");
  public static final TenantId GLOBEX = new TenantId("globex");
  public static final Instant EIGHT = Instant.parse("2026-11-24T08:00:00Z");
  public static final Instant NINE = Instant.parse("2026-11-24T09:00:00Z");

  private UsageSamples() {}

  public static Usage requests(TenantId tenant, Instant hour, long count) {
    return Usage.of(first(tenant), hour, Amounts.of(KernelMeter.REQUESTS, count));
  }

  /** Handles a request of {@link #ACME} with a response of two bytes. */
  public static void request(RequestMeter meter) {
    var filterChain =
        Filter.chain(
            List.of(new MeterResponses(), new MeterRequests(meter)), _ -> Response.json(200, "{}"));
    var request = Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
    var response =
        TenantContext.call(MeteringFixture.tenant(ACME), () -> filterChain.handle(request));
    var sent = new Response.SendResult(2, Duration.ZERO, true);
    response.listeners().forEach(listener -> listener.accept(sent));
  }

  /** Adds a request of {@link #ACME} to a counter. */
  public static void addRequest(TenantUsageCounters counters) {
    addRequest(counters, ACME);
  }

  /** Adds a request of the tenant to a counter. */
  public static void addRequest(TenantUsageCounters counters, TenantId tenant) {
    var counter = counters.acquire(first(tenant));
    counter.addRequest(EIGHT);
    counter.release();
  }

  /** Sums usage by tenant and hour. */
  public static Map<String, Amounts> sums(List<Usage> usage) {
    var sums = new TreeMap<String, Amounts>();
    usage.forEach(
        each -> sums.merge(each.tenant() + " " + each.hour(), each.amounts(), Amounts::plus));
    return sums;
  }
}
