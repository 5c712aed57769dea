package dev.partywall.metering.billing;

import dev.partywall.http.Route;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.tenancy.TenantRecord;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The parts of the service that a tenant can use.
 *
 * @param routes the labels of the routes, such as {@code GET /orders}
 * @param paidFeatures returns the features that are on for a tenant and off in the free tier
 */
public record UsableParts(List<String> routes, Function<TenantRecord, Set<String>> paidFeatures) {
  /** Copies the list, which makes the record immutable. */
  public UsableParts {
    routes = List.copyOf(routes);
  }

  /**
   * Returns the parts of a service with these routes. Only those that require a tenant's token
   * count.
   *
   * @param paidFeatures returns the features that are on for a tenant and off in the free tier
   */
  public static UsableParts of(
      List<Route> routes, Function<TenantRecord, Set<String>> paidFeatures) {
    var labels =
        routes.stream()
            .filter(route -> route.access().requiredToken() == Route.RequiredToken.TENANT)
            .map(route -> UsageMeter.route(route.method(), route.template()).label())
            .sorted()
            .toList();
    return new UsableParts(labels, paidFeatures);
  }
}
