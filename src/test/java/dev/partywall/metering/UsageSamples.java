package dev.partywall.metering;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sample usage. */
final class UsageSamples {
  static final TenantId ACME = new TenantId("acme");
  static final TenantId GLOBEX = new TenantId("globex");
  static final Instant EIGHT = Instant.parse("2026-11-24T08:00:00Z");
  static final Instant NINE = Instant.parse("2026-11-24T09:00:00Z");

  private UsageSamples() {}

  static Usage requests(TenantId tenant, Instant hour, long count) {
    return Usage.of(tenant, hour, Amounts.of(UsageMeter.REQUESTS, count));
  }

  /** Handles a request of {@link #ACME} with a response of two bytes. */
  static void request(RequestMeter meter) {
    var filterChain =
        Filter.chain(
            List.of(new MeterResponses(), new MeterRequests(meter)), _ -> Response.json(200, "{}"));
    var request = Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
    var response =
        TenantContext.call(MeteringFixture.tenant(ACME), () -> filterChain.handle(request));
    var sent = new Response.SendResult(2, Duration.ZERO, true);
    response.listeners().forEach(listener -> listener.accept(sent));
  }

  /** Sums usage by tenant and hour. */
  static Map<String, Amounts> sums(List<Usage> usage) {
    var sums = new TreeMap<String, Amounts>();
    usage.forEach(
        each -> sums.merge(each.tenant() + " " + each.hour(), each.amounts(), Amounts::plus));
    return sums;
  }
}
