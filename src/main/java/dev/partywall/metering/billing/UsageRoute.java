package dev.partywall.metering.billing;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Accept;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.Usage;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code GET /usage?from=&to=&granularity=hour|day|month}: the bound tenant's usage, and its bill.
 * The tenant comes only from the tenant binding. The bill contains no cost, and depends on nothing
 * in the caller's token except the tenant.
 */
public final class UsageRoute {
  private static final String SCOPE = "usage:read";

  private final Ledger ledger;
  private final InstantSource clock;
  private final Optional<PriceList> prices;
  private final Function<Tenant, String> tierNames;

  /**
   * Creates the route.
   *
   * @param prices adds charges to the response
   * @param tierNames returns the name of the tier that applies to a tenant
   */
  public UsageRoute(
      Ledger ledger,
      InstantSource clock,
      Optional<PriceList> prices,
      Function<Tenant, String> tierNames) {
    this.ledger = ledger;
    this.clock = clock;
    this.prices = prices;
    this.tierNames = tierNames;
  }

  /** Returns the route. */
  public Route route() {
    return Route.of("GET", "/usage", SCOPE, this::handle).withQuery("from", "to", "granularity");
  }

  private Response handle(Request request) {
    var granularity = granularity(request);
    var period = period(request, granularity);
    var tenant = TenantContext.current();
    var hours = ledger.usage(tenant.id(), period.from(), period.to());
    var report = UsageReport.of(ledger.meters(), tenant.id(), period, granularity, hours);
    var response =
        Accept.of(request.headers()).prefers("text/csv", "application/json")
            ? Response.of(200, "text/csv; charset=utf-8; header=present", report.toCsv())
            : Response.json(200, report.toJson(charges(tenant, hours)));
    return response.with("Vary", "Accept");
  }

  /** The registry, and not the caller's token, determines the tier of hours without a tier. */
  private Optional<Charges> charges(Tenant tenant, List<Usage> hours) {
    var assumed = tierNames.apply(Tenant.of(tenant.id(), tenant.registration()));
    return prices.map(list -> list.charge(hours, assumed));
  }

  private static Granularity granularity(Request request) {
    return request
        .query("granularity")
        .map(text ->
            Granularity.parse(text)
                .orElseThrow(
                    () -> ApiException.invalidParameter("granularity", "hour, day or month")))
        .orElse(Granularity.HOUR);
  }

  /** Returns the requested period; defaults to today (UTC) until the next full hour. */
  private Period period(Request request, Granularity granularity) {
    var now = clock.instant();
    var from = hour(request, "from").orElse(now.truncatedTo(ChronoUnit.DAYS));
    var to = hour(request, "to").orElse(Usage.startOfHour(now).plus(1, ChronoUnit.HOURS));
    try {
      return Period.of(from, to, granularity.maxPeriod());
    } catch (DateTimeException e) {
      throw new ApiException(new ApiError.Malformed(String.valueOf(e.getMessage())));
    }
  }

  private static Optional<Instant> hour(Request request, String name) {
    try {
      return request.query(name).map(Period::parseHour);
    } catch (DateTimeException e) {
      throw ApiException.invalidParameter(name, Period.HOUR_RULE);
    }
  }
}
