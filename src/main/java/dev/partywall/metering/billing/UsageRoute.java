package dev.partywall.metering.billing;

import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.Usage;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import java.time.InstantSource;
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
    return Route.of("GET", "/usage", SCOPE, this::handle)
        .withQuery(UsageQuery.FROM, UsageQuery.TO, UsageQuery.GRANULARITY);
  }

  private Response handle(Request request) {
    var granularity = UsageQuery.granularity(request).orElse(Granularity.HOUR);
    var period = UsageQuery.period(request, clock.instant(), granularity.maxPeriod());
    var tenant = TenantContext.current();
    var hours = ledger.usage(MeteredTenant.of(tenant), period.from(), period.to());
    var report = UsageReport.of(ledger.meters(), tenant.id(), period, granularity, hours);
    var response =
        OperatorBillRoutes.wantsCsv(request)
            ? Response.of(200, "text/csv; charset=utf-8; header=present", report.toCsv())
            : Response.json(200, report.toJson(charges(tenant, hours)));
    return OperatorBillRoutes.uncached(response);
  }

  /** The registry, and not the caller's token, determines the tier of hours without a tier. */
  private Optional<Charges> charges(Tenant tenant, List<Usage> hours) {
    var assumed = tierNames.apply(Tenant.of(tenant.id(), tenant.registration()));
    return prices.map(list -> list.charge(hours, assumed));
  }
}
