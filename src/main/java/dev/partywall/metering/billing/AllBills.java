package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.TenantRegistry;
import dev.partywall.tenancy.registry.TenantRegistry.TenantFilter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * {@code GET /usage/tenants}: the bills of all registered tenants and of their earlier
 * incarnations, in the order of their ids, also those without usage.
 *
 * <p>A page reads the tenants that it may contain, also those that {@code idleSince} excludes. So a
 * page can be short or empty although a next one exists.
 */
record AllBills(TenantBills bills, TenantRegistry registry, UsableParts parts, InstantSource clock)
    implements Handler {
  static final String PATH = "/usage/tenants";

  /** The tenants of a page, and whether a tenant follows. */
  private record Page(List<BilledTenant> tenants, boolean hasNext) {}

  @Override
  public Response handle(Request request) {
    var now = clock.instant();
    var query = AllBillsQuery.of(request, now);
    var page = page(query);
    var found = read(page.tenants(), query, now);
    var next =
        page.hasNext()
            ? Optional.of(page.tenants().getLast().id())
            : Optional.<MeteredTenant>empty();
    var response =
        OperatorBillRoutes.wantsCsv(request)
            ? Response.of(
                200,
                OperatorBillRoutes.CSV,
                new BillCsv(bills.ledger().meters()).of(found.values()))
            : Response.json(200, json(query, found, next));
    var uncached = OperatorBillRoutes.uncached(response);
    return next.map(last -> uncached.with("Link", "<" + query.next(last) + ">; rel=\"next\""))
        .orElse(uncached);
  }

  /** Returns the tenants after a position. Each incarnation is an entry. */
  private Page page(AllBillsQuery query) {
    var limit = query.paging().limit();
    var tenants = new ArrayList<BilledTenant>();
    query
        .after()
        .ifPresent(after ->
            registry
                .find(after.id())
                .ifPresent(record -> add(record, after.incarnation() + 1, limit, tenants)));
    var page =
        registry.list(
            new TenantFilter(Optional.empty(), Optional.empty()),
            query.after().map(MeteredTenant::id),
            limit);
    page.tenants().forEach(record -> add(record, 1, limit, tenants));
    return tenants.size() > limit
        ? new Page(tenants.subList(0, limit), true)
        : new Page(tenants, page.next().isPresent() && !tenants.isEmpty());
  }

  /** Adds the incarnations from a number on, up to one more than the page can contain. */
  private static void add(TenantRecord record, int first, int limit, List<BilledTenant> tenants) {
    for (var n = first; n <= record.incarnation() && tenants.size() <= limit; n++) {
      tenants.add(BilledTenant.of(record, n));
    }
  }

  private SortedMap<MeteredTenant, TenantBill> read(
      List<BilledTenant> tenants, AllBillsQuery query, Instant now) {
    var found = new ConcurrentSkipListMap<MeteredTenant, TenantBill>();
    var granularity = query.granularity().orElse(Granularity.MONTH);
    BoundedParallel.eachOrThrow(
        tenants,
        Execution.inCurrent(tenant -> {
          var last = bills.lastRequestAt(tenant);
          if (query.includes(last, now)) {
            found.put(
                tenant.id(),
                bills.read(tenant.withFormer(registry), query.period(), granularity, last));
          }
        }));
    return found;
  }

  private ObjectNode json(
      AllBillsQuery query,
      SortedMap<MeteredTenant, TenantBill> found,
      Optional<MeteredTenant> next) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("from", query.period().from().toString());
    node.put("to", query.period().to().toString());
    query.granularity().ifPresent(value -> node.put("granularity", value.label()));
    var array = node.putArray("tenants");
    found.values().forEach(bill -> write(bill, query, array.addObject()));
    next.ifPresent(last -> node.put("next", query.cursors().write(last.key())));
    return node;
  }

  private void write(TenantBill bill, AllBillsQuery query, ObjectNode node) {
    bill.tenant().writeTo(node);
    if (query.granularity().isPresent()) {
      bill.report().writeIntervals(node);
    }
    bill.report().writeTotals(node, bill.charges());
    bill.writeUseTo(node, parts);
  }
}
