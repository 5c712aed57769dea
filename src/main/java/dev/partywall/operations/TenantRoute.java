package dev.partywall.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.operations.tenants.TenantRoutes;
import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.features.Features;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * {@code GET /tenant}: the bound tenant with its limits, its features and its usage in the current
 * month.
 */
public final class TenantRoute {
  private final Tiers tiers;
  private final Features features;
  private final Function<Tenant, OptionalLong> requestsThisMonth;

  /**
   * Creates the route.
   *
   * @param requestsThisMonth returns the number of requests in the current month (UTC), which it
   *     may wait for; empty if it cannot be read
   */
  public TenantRoute(
      Tiers tiers, Features features, Function<Tenant, OptionalLong> requestsThisMonth) {
    this.tiers = tiers;
    this.features = features;
    this.requestsThisMonth = requestsThisMonth;
  }

  /** Returns the route. It requires a tenant's token, and no scope. */
  public Route route() {
    return new Route("GET", "/tenant", new Route.Access.Authenticated(), this::handle);
  }

  private Response handle(Request unused) {
    return TenantRoutes.revalidated(Response.json(200, describe(TenantContext.current())));
  }

  private ObjectNode describe(Tenant tenant) {
    var id = tenant.id().value();
    var limits = tiers.limitsOf(tenant);
    var node = JsonNodeFactory.instance.objectNode();
    node.put("id", id)
        .put("name", tenant.registration().map(TenantRecord::name).orElse(id))
        .put("tier", tiers.of(tenant).name()) // the one that applies, if the token's is unknown
        .put("status", status(tenant).label());
    putLimits(node.putObject("limits"), limits);
    features.all().forEach(node.putObject("features")::put);
    putMonth(node.putObject("usage").putObject("month"), tenant, limits);
    return node;
  }

  /** A tenant without registration can send requests, like an active one. */
  private static TenantStatus status(Tenant tenant) {
    return tenant.registration().map(TenantRecord::status).orElse(TenantStatus.ACTIVE);
  }

  private static void putLimits(ObjectNode node, Limits limits) {
    limits.values().forEach((limit, value) -> node.put(limit.label(), value));
  }

  private void putMonth(ObjectNode node, Tenant tenant, Limits limits) {
    requestsThisMonth.apply(tenant).ifPresent(requests -> node.put("requests", requests));
    limits.monthlyRequests().ifPresent(quota -> node.put("quota", quota));
  }
}
