package dev.partywall;

import dev.partywall.http.Ceiling;
import dev.partywall.http.Deadline;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Problems;
import dev.partywall.http.RefuseMalformed;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.identity.Authenticate;
import dev.partywall.identity.Authorize;
import dev.partywall.metering.Metering;
import dev.partywall.observability.AccessLog;
import dev.partywall.tenancy.BindTenant;
import dev.partywall.tenancy.RequestScope;
import java.util.List;
import java.util.stream.Stream;

/** The filter chain of the public listener, outermost first, in the order of {@link Door}. */
record Corridor(
    Signals signals,
    Metering metering,
    Deadline deadline,
    Ceiling ceiling,
    Authenticate authenticate) {

  /** Returns the filter chain with a router for the given routes at its end. */
  Handler to(List<Route> routes) {
    var router = new Router(routes);
    var doors = Stream.of(Door.values()).map(door -> at(door, router)).toList();
    return Filter.corridor(doors, router.dispatching());
  }

  /** Returns the filter of a position. */
  Filter at(Door door, Router router) {
    return switch (door) {
      case TRACE -> signals.trace();
      case ROUTE -> router.locating();
      case ACCESS_LOG -> new AccessLog();
      case METRICS -> signals.requests();
      case METER_ANSWERS -> metering.meter().answers();
      case PROBLEMS -> problems();
      case AUDIT -> signals.audit();
      case WIRE_RULES -> new RefuseMalformed();
      case DEADLINE -> deadline;
      case CEILING -> ceiling;
      case AUTHENTICATE -> authenticate;
      case BIND -> new BindTenant();
      case METER_REQUESTS -> metering.meter().requests();
      case AUTHORIZE -> new Authorize();
    };
  }

  /** Returns a filter whose problem details contain the trace id of the request. */
  static Problems problems() {
    return new Problems(
        () -> RequestScope.current().map(scope -> scope.ids().traceId()).orElse(""));
  }
}
