package dev.partywall.observability;

import dev.partywall.http.Match;
import dev.partywall.http.Request;
import java.util.Set;

/** A request's method and route as telemetry labels, from a closed set of values. */
final class RouteLabels {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  /** The label of requests that match no route. */
  static final String NONE = "none";

  private RouteLabels() {}

  /**
   * Returns the method, or {@code _OTHER} if no RFC defines it (OpenTelemetry HTTP conventions).
   */
  static String method(Request request) {
    return METHODS.contains(request.method()) ? request.method() : "_OTHER";
  }

  /** Returns the route template or {@link #NONE}; never the path, which clients choose. */
  static String template(Request request) {
    return switch (request.match()) {
      case Match.Found found -> found.route().template();
      case Match.WrongMethod wrong -> wrong.template();
      case Match.NoMatch _ -> NONE;
    };
  }
}
