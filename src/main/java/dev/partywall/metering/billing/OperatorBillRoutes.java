package dev.partywall.metering.billing;

import dev.partywall.error.ApiException;
import dev.partywall.http.Accept;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The operators' routes that report the usage of tenants, with their bills and the cost. */
public final class OperatorBillRoutes {
  static final String CSV = "text/csv; charset=utf-8; header=present";

  private static final String READ = "tenants:read";
  private static final String INCARNATION = "incarnation";

  private OperatorBillRoutes() {}

  /** Returns the routes. */
  public static List<Route> of(
      TenantBills bills, TenantRegistry registry, UsableParts parts, InstantSource clock) {
    return List.of(
        Route.operator(
                "GET", "/tenants/{id}/usage", READ, new OneBill(bills, registry, parts, clock))
            .withQuery(INCARNATION, UsageQuery.FROM, UsageQuery.TO, UsageQuery.GRANULARITY),
        Route.operator("GET", AllBills.PATH, READ, new AllBills(bills, registry, parts, clock))
            .withQuery(AllBillsQuery.PARAMETERS));
  }

  static boolean wantsCsv(Request request) {
    return Accept.of(request.headers()).prefers("text/csv", "application/json");
  }

  static Response uncached(Response response) {
    return response.with("Vary", "Accept").with("Cache-Control", "private, no-cache");
  }

  /** {@code GET /tenants/{id}/usage}: the bill of one tenant, also of a deleted one. */
  private record OneBill(
      TenantBills bills, TenantRegistry registry, UsableParts parts, InstantSource clock)
      implements Handler {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    @Override
    public Response handle(Request request) {
      var granularity = UsageQuery.granularity(request).orElse(Granularity.HOUR);
      var period = UsageQuery.period(request, clock.instant(), granularity.maxPeriod());
      var incarnation = request.query(INCARNATION).map(OneBill::number);
      var record =
          TenantId.parse(request.parameter("id"))
              .flatMap(registry::find)
              .orElseThrow(ApiException::notFound);
      if (incarnation.filter(number -> number > record.incarnation()).isPresent()) {
        throw ApiException.notFound();
      }
      var billed = BilledTenant.of(record, incarnation.orElse(record.incarnation()));
      return forTenant(
          record,
          () -> respond(request, bills.read(billed.withFormer(registry), period, granularity)));
    }

    private Response respond(Request request, TenantBill bill) {
      if (wantsCsv(request)) {
        return uncached(Response.of(200, CSV, bill.report().toCsv()));
      }
      var node = bill.report().toJson(bill.charges());
      bill.tenant().writeTo(node);
      bill.writeUseTo(node, parts);
      return uncached(Response.json(200, node));
    }

    private static Response forTenant(TenantRecord record, Supplier<Response> work) {
      return Execution.current().orElseThrow().callForTenant(new Tenant(record), work::get);
    }

    private static int number(String text) {
      if (!NUMBER.matcher(text).matches()) {
        throw ApiException.invalidParameter(INCARNATION, "an integer from 1 to 999999999");
      }
      return Integer.parseInt(text);
    }
  }
}
