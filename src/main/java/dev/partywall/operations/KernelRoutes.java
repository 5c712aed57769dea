package dev.partywall.operations;

import dev.partywall.http.Route;
import dev.partywall.metering.Metering;
import dev.partywall.metering.billing.OperatorBillRoutes;
import dev.partywall.metering.billing.PriceList;
import dev.partywall.metering.billing.TenantBills;
import dev.partywall.metering.billing.UsableParts;
import dev.partywall.metering.billing.UsageRoute;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.features.Features;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kernel's own routes, which report the tenants' limits, features, usage and bills.
 *
 * @param registry the records of the tenants, for the bills that operators read
 */
public record KernelRoutes(
    Metering metering,
    Optional<PriceList> prices,
    Tiers tiers,
    Features features,
    TenantRegistry registry,
    InstantSource clock) {
  private static final String FREE_TIER = "free";

  /**
   * Returns the routes.
   *
   * @param capabilities the routes of the capabilities
   * @param operators the other routes of operators; empty if the service has no operators
   */
  public List<Route> with(List<Route> capabilities, List<Route> operators) {
    var routes = new ArrayList<>(List.of(usage(), tenant()));
    if (!operators.isEmpty()) {
      var parts = Stream.concat(capabilities.stream(), routes.stream()).toList();
      routes.addAll(operators);
      routes.addAll(bills(UsableParts.of(parts, this::paidFeatures)));
    }
    return routes;
  }

  private Route usage() {
    return new UsageRoute(metering.ledger(), clock, prices, this::tierName).route();
  }

  private Route tenant() {
    return new TenantRoute(tiers, features, metering::requestsOfMonth).route();
  }

  private List<Route> bills(UsableParts parts) {
    var bills = new TenantBills(metering.ledger(), prices, this::tierName);
    return OperatorBillRoutes.of(bills, registry, parts, clock);
  }

  private String tierName(Tenant tenant) {
    return tiers.of(tenant).name();
  }

  /** Returns the features that are on for a tenant, and off for it in the free tier. */
  private Set<String> paidFeatures(TenantRecord tenant) {
    var free = featuresOf(new Tenant(tenant.id(), FREE_TIER));
    return featuresOf(new Tenant(tenant)).stream()
        .filter(name -> !free.contains(name))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Set<String> featuresOf(Tenant tenant) {
    return TenantContext.call(tenant, features::all).entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
