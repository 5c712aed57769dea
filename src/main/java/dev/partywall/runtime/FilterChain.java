package dev.partywall.runtime;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.filters.ConcurrencyLimit;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.filters.RejectMalformed;
import dev.partywall.http.filters.RequestTimeout;
import dev.partywall.identity.Authenticate;
import dev.partywall.identity.Authorize;
import dev.partywall.metering.Metering;
import dev.partywall.observability.AccessLog;
import dev.partywall.tenancy.BindTenant;
import dev.partywall.tenancy.Execution;
import java.util.List;
import java.util.stream.Stream;

/** The filter chain of the public listener, outermost first, in the order of {@link Door}. */
record FilterChain(
    Telemetry telemetry,
    Metering metering,
    RequestTimeout requestTimeout,
    ConcurrencyLimit concurrencyLimit,
    Authenticate authenticate) {

  /** Returns the filter chain with a router for the given routes at its end. */
  Handler build(List<Route> routes) {
    var router = new Router(routes);
    var doors = Stream.of(Door.values()).map(door -> at(door, router)).toList();
    return Filter.chain(doors, router.dispatchHandler());
  }

  /** Returns the filter of a position. */
  Filter at(Door door, Router router) {
    return switch (door) {
      case TRACE -> telemetry.traceFilter();
      case ROUTE -> router.matchFilter();
      case ACCESS_LOG -> new AccessLog();
      case METRICS -> telemetry.requestMetrics();
      case METER_ANSWERS -> metering.meter().responseFilter();
      case PROBLEMS -> problemDetails();
      case AUDIT -> telemetry.auditFilter();
      case WIRE_RULES -> new RejectMalformed();
      case DEADLINE -> requestTimeout;
      case CEILING -> concurrencyLimit;
      case AUTHENTICATE -> authenticate;
      case BIND -> new BindTenant();
      case METER_REQUESTS -> metering.meter().requestFilter();
      case AUTHORIZE -> new Authorize();
    };
  }

  /** Returns a filter whose problem details contain the trace id of the request. */
  static ProblemDetailsFilter problemDetails() {
    return new ProblemDetailsFilter(
        () -> Execution.current().map(scope -> scope.ids().traceId()).orElse(""));
  }
}
