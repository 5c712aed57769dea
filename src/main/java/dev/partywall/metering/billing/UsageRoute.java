package dev.partywall.metering.billing;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Accept;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.tenancy.TenantContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * {@code GET /usage?from=&to=&granularity=hour|day}: the bound tenant's usage. The tenant comes
 * only from the tenant binding.
 */
public final class UsageRoute {
  private static final String SCOPE = "usage:read";

  private final Ledger ledger;
  private final InstantSource clock;
  private final Optional<PriceList> prices;

  /**
   * Creates the route.
   *
   * @param prices adds charges to the response
   */
  public UsageRoute(Ledger ledger, InstantSource clock, Optional<PriceList> prices) {
    this.ledger = ledger;
    this.clock = clock;
    this.prices = prices;
  }

  /** Returns the route. */
  public Route route() {
    return Route.of("GET", "/usage", SCOPE, this::handle);
  }

  private Response handle(Request request) {
    var report = report(request);
    var response =
        Accept.of(request.headers()).prefers("text/csv", "application/json")
            ? Response.of(200, "text/csv; charset=utf-8; header=present", report.toCsv())
            : Response.json(200, report.toJson(prices));
    return response.with("Vary", "Accept");
  }

  private UsageReport report(Request request) {
    var granularity = granularity(request);
    var period = period(request, granularity);
    var tenant = TenantContext.current();
    var hours = ledger.usage(tenant.id(), period.from(), period.to());
    return UsageReport.of(tenant, period, granularity, hours);
  }

  private static Granularity granularity(Request request) {
    return request
        .query("granularity")
        .map(text ->
            Granularity.parse(text).orElseThrow(() -> malformed("granularity", "hour or day")))
        .orElse(Granularity.HOUR);
  }

  /** Returns the requested period; defaults to the current day (UTC). */
  private Period period(Request request, Granularity granularity) {
    var today = clock.instant().truncatedTo(ChronoUnit.DAYS);
    var from = instant(request, "from").orElse(today);
    var to = instant(request, "to").orElse(today.plus(1, ChronoUnit.DAYS));
    try {
      return Period.of(from, to, granularity.maxPeriod());
    } catch (DateTimeException e) {
      throw new ApiException(new ApiError.Malformed(String.valueOf(e.getMessage())));
    }
  }

  private static Optional<Instant> instant(Request request, String name) {
    try {
      return request.query(name).map(Period::parseInstant);
    } catch (DateTimeException e) {
      throw malformed(name, "an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z");
    }
  }

  private static ApiException malformed(String name, String rule) {
    return new ApiException(
        new ApiError.Malformed("The parameter " + name + " must be " + rule + "."));
  }
}
